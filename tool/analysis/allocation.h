// Allocation: which allocator a block of memory came from, followed back through locals, parameters of helpers, results
// of wrappers, globals and struct fields whose every store is in sight. Answers nothing about who owns the block.
// Source: C API reference, memory (domains, "Memory Management").
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

class Allocation {
 public:
  explicit Allocation(const Audit& audit);

  // The allocations that a pointer may come from.
  struct Sources {
    std::vector<Site> calls;  // each an allocating call
    bool complete = true;     // no way to get the pointer was out of sight
    // The one that all of them belong to; none if there are several, or if something was out of sight.
    capi::Domain domain = capi::Domain::none;
  };
  Sources of(FunctionId id, EventId at, const model::Operand& operand) const;

 private:
  void trace(FunctionId id, EventId at, const model::Operand& operand, Sources& out, int depth) const;
  void trace_local(FunctionId id, EventId at, std::uint32_t variable, Sources& out, int depth) const;
  void trace_call(FunctionId id, EventId call, Sources& out, int depth) const;
  void trace_stores(const std::string& key, Sources& out, int depth) const;
  std::string key_of(const model::Place& place) const;

  const Audit& audit_;
  std::map<std::string, std::vector<Site>> stores_;  // "record.field", "g7" -> events that write it
  std::map<std::string, bool> exposed_;              // its address is taken
  mutable std::vector<std::string> open_;            // stores being traced
};

}  // namespace ftaudit::analysis
