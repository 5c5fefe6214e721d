// Program: the joined facts with the look-ups every analysis needs: functions by key, tables by variable, who calls
// whom, predecessors and dominators of blocks. Answers nothing about threads; used by every other file here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/location.h"
#include "capi/capi.h"
#include "model/facts.h"

namespace ftaudit::analysis {

using model::EventId;
using model::FunctionId;
using model::none;

// An event, with the function it is in.
struct Site {
  FunctionId function = none;
  EventId event = none;
  bool operator==(const Site&) const = default;
};

// A call of one project function by another, or a mention of it as a value there.
struct Edge {
  FunctionId from, to;
  EventId event;
  bool mention = false;   // passed or stored as a pointer, or called with operands that are not its parameters
  bool indirect = false;  // called through a pointer that may be it, or through a vtable
};

// Where a lambda is made.
struct Creation {
  FunctionId in = none;
  EventId event = none;
  const model::Operand* closure = nullptr;  // its parts are what is captured
};

// Blocks of one function, ready to be walked.
struct Flow {
  std::vector<std::vector<std::uint32_t>> predecessors;
  Per<EventId, std::uint32_t> block_of;
  std::vector<std::uint32_t> dominator;  // block -> immediate dominator; the entry is its own
  bool dominates(std::uint32_t a, std::uint32_t b) const;
};

class Program {
 public:
  // `locks` are those of the project's own, besides what everybody knows.
  explicit Program(const model::Facts& facts, capi::LockCalls locks = {});

  const model::Facts& facts;
  const model::Function& function(FunctionId id) const { return facts.functions[id]; }
  // none when the key is not a function of the project (or has no body that was read).
  FunctionId find(const model::FunctionKey& key) const;
  const model::Table* table(model::GlobalId variable) const;
  const model::Record* record(const std::string& name) const;
  // What a call of that name does to a lock; null for other calls.
  const capi::LockCall* lock_call(std::string_view callee) const { return locks_.find(callee); }

  // The methods that derived classes have in the place of this virtual one, at whatever distance.
  const std::vector<FunctionId>& overriders(const model::FunctionKey& method) const;

  const std::vector<Edge>& calls_from(FunctionId id) const { return from_[id]; }
  const std::vector<Edge>& calls_to(FunctionId id) const { return to_[id]; }
  // These functions and all that call them, over however many others; who only mentions one does not call it.
  Per<FunctionId, bool> with_callers(Per<FunctionId, bool> functions) const;
  const Flow& flow(FunctionId id) const;

  // Nowhere (in: none) for what is no lambda, or one made outside any function.
  const Creation& creation(FunctionId lambda) const { return creations_[lambda]; }
  // What a captured variable of the lambda was made from, in terms of the function that makes it; null when that is not
  // known.
  const model::Operand* captured(FunctionId lambda, std::uint32_t variable) const;

  Location location(const model::Span& span) const;
  bool is_written_by_hand(model::FileId file) const;
  // Clang met errors in the file: what it could not make sense of is missing from the facts, and may have been a lock.
  bool is_read_in_part(model::FileId file) const;

 private:
  void link();
  void link_overriders();
  void note_creation(FunctionId id, EventId event, const model::Operand& operand);
  capi::LockCalls locks_;
  std::unordered_map<std::string, FunctionId> by_key_;
  std::unordered_map<model::GlobalId, const model::Table*> tables_;
  std::unordered_map<std::string, const model::Record*> records_;
  std::unordered_map<std::string, std::vector<FunctionId>> overriders_;  // by the key of the method
  Per<FunctionId, std::vector<Edge>> from_, to_;
  Per<FunctionId, Creation> creations_;
  mutable Per<FunctionId, std::unique_ptr<Flow>> flows_;
  std::unordered_map<model::FileId, bool> generated_;
};

// A parameter, or what a lambda captured: it has its value when the body begins.
inline bool is_given(const model::Function& function, std::uint32_t variable) {
  return variable < function.parameters || function.variables[variable].storage == model::Storage::captured;
}

// The number that the operand is wherever it is used, NULL being 0.
inline std::optional<std::int64_t> constant(const model::Operand& operand) {
  if (operand.kind == model::Operand::Kind::null) return 0;
  return operand.kind == model::Operand::Kind::number ? std::optional(operand.number) : std::nullopt;
}

// Calls `visit(operand)` for the operand and everything inside it.
template <class Visit> void each_operand(const model::Operand& operand, Visit visit) {
  visit(operand);
  for (const model::Operand& part : operand.parts) each_operand(part, visit);
}
template <class Visit> void each_operand(const model::Event& event, Visit visit) {
  for (const model::Operand& operand : event.operands) each_operand(operand, visit);
  each_operand(event.target, visit);
}

inline bool is_call(const model::Event& event) { return event.kind <= model::Event::Kind::release; }

}  // namespace ftaudit::analysis
