// Allocation: which allocator a block of memory came from, followed back through locals, parameters of helpers, results
// of wrappers, globals and struct fields whose every store is in sight. Answers nothing about who owns the block. Used
// by rules about allocators, and by Shared, which tells blocks apart that were never one.
// Source: C API reference, memory (domains, "Memory Management").
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/contexts.h"
#include "analysis/held.h"
#include "analysis/ownership.h"
#include "analysis/path.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

class Allocation {
 public:
  // With `ownership`, a call that gives a block nobody else has yet is an allocation by itself, whatever it goes
  // through.
  Allocation(const Program& program, const Held& held, const Contexts& contexts, const Ownership* ownership = nullptr);

  // The allocations that a pointer may come from.
  struct Sources {
    std::vector<Site> calls;  // each an allocating call, or one that is as good as that
    bool complete = true;     // no way to get the pointer was out of sight
    // The one that all of them belong to; none if there are several, or if something was out of sight.
    capi::Domain domain = capi::Domain::none;
  };
  Sources of(FunctionId id, EventId at, const model::Operand& operand) const;
  // The same of a field of a struct by its name, "Counter.items".
  Sources in_field(const std::string& field) const;
  // The field whose pointer the step of a path follows, as in_field() has it; "" where it is none.
  static std::string field_before(const Path& path, std::size_t step);
  // The first such field on the path.
  static std::string first_field(const Path& path);

 private:
  void trace(FunctionId id, EventId at, const model::Operand& operand, Sources& out, int depth) const;
  void trace_local(FunctionId id, EventId at, std::uint32_t variable, Sources& out, int depth) const;
  void trace_call(FunctionId id, EventId call, Sources& out, int depth) const;
  void trace_stores(const std::string& key, Sources& out, int depth) const;
  std::string key_of(const model::Place& place) const;
  void settle(Sources& out) const;

  const Program& program_;
  const Held& held_;
  const Contexts& contexts_;
  const Ownership* ownership_;
  std::map<std::string, std::vector<Site>> stores_;  // "record.field", "g7" -> events that write it
  std::map<std::string, bool> exposed_;              // its address is taken
  std::set<std::string> copied_;                     // records that are copied as a whole
  mutable std::vector<std::string> open_;            // stores being traced
};

}  // namespace ftaudit::analysis
