// Ownership: who else can hold an object that a function works on. Fresh objects that have not got out are nobody
// else's; argument tuples and **kwargs belong to the call; tuples cannot change; everything else may be shared.
// Source: C API reference, structures (METH_*), arg; PEP 703 (borrowed references).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/held.h"
#include "analysis/view.h"

namespace ftaudit::analysis {

// Where a question is asked: in a function, as one view of it has it, or as one call by another frame does; with
// neither, for all its views together.
struct Frame {
  Frame(FunctionId function_, const View* view_ = nullptr, const Frame* caller_ = nullptr, EventId call_ = none)
      : function(function_), view(view_), caller(caller_), call(call_) {}

  FunctionId function = none;
  const View* view = nullptr;
  const Frame* caller = nullptr;
  EventId call = none;  // of the caller
};

class Ownership {
 public:
  // All ways into a function together.
  struct Ways {
    // What a parameter is, at worst.
    std::function<Origin(FunctionId id, std::uint32_t parameter)> given;
    // What a pointer in a block that is nobody else's leads to, where it was put there before a call; nothing where the
    // path goes through none. In all views of the function, or in one.
    std::function<std::optional<Origin>(FunctionId id, const View* view, const Path& path, EventId at)> behind_cell;
  };

  Ownership(const Program& program, const Contexts& contexts, const Held& held)
      : program_(program), contexts_(contexts), held_(held) {}
  // From here on it answers for all ways into a function together.
  void join(Ways ways) { ways_ = std::move(ways); }

  // The object that `operand` is at `at`.
  Origin of(const Frame& in, EventId at, const model::Operand& operand) const { return of(in, at, operand, 0); }

  // The object that a path starts from: what `parameter or local` holds at `at`, what call `event` gave.
  Origin of_local(const Frame& in, EventId at, std::uint32_t variable) const {
    return steps_ = 0, of_variable(in, at, variable, 0);
  }
  Origin of_call(const Frame& in, EventId at, EventId event) const { return steps_ = 0, of_result(in, at, event, 0); }

  // A branch on the way to `at` made sure that the value is a tuple (or another object that cannot change).
  bool checked_immutable(FunctionId id, EventId at, const model::Operand& operand) const;

 private:
  Origin of(const Frame& in, EventId at, const model::Operand& operand, int depth) const;
  static constexpr int depth_limit = 12;  // of one question, asked on from another

  Origin of_variable(const Frame& in, EventId at, std::uint32_t variable, int depth) const;
  Origin of_parameter(const Frame& in, std::uint32_t parameter, int depth) const;
  bool finds_check(FunctionId id, EventId at, const model::Operand& operand) const;
  bool field_of_others(const std::string& record, const std::string& field, int depth) const;
  bool carries_what_is_shared(const Frame& in, const model::Place& place, int depth) const;
  bool given_away(const Frame& in, EventId at, const model::Operand& operand, int depth) const;
  bool gathers_shared(const Frame& in, const model::Place& place, int depth) const;
  Origin of_result(const Frame& in, EventId at, EventId call, int depth) const;
  bool just_made(const Frame& in, EventId at, std::uint32_t place, int depth) const;
  Origin held_by(const Frame& in, EventId call, int depth) const;
  Origin of_out_parameter(const Frame& in, EventId call, std::uint32_t variable, int depth) const;
  enum class Escape : std::uint8_t { no, perhaps, surely };
  Escape gets_out(const Frame& in, EventId until, const std::vector<Use>& uses, int depth) const;
  std::uint32_t handed_back(FunctionId id) const;
  // Wrappers of one reference (holders.cpp).
  const model::Operand* read_holder(FunctionId id, EventId call) const;
  std::optional<Origin> of_held(const Frame& in, EventId at, EventId getter, int depth) const;
  std::optional<Origin> put_by(const Frame& in, EventId call, const std::string& field, int depth) const;
  std::string name_of(FunctionId id, EventId at, const model::Operand& operand) const;
  bool is_holder(const model::Variable& self) const;
  Origin fresh_unless(Escape escape) const;

  const Program& program_;
  const Contexts& contexts_;
  const Held& held_;
  Ways ways_;
  mutable int steps_ = 0;
  struct Store {
    FunctionId function;
    EventId event;
  };
  mutable std::map<std::string, std::vector<Store>>
      stores_;  // into fields of structs that are no objects; made when first asked for
  mutable bool stores_known_ = false;
  mutable std::map<std::string, bool> others_;
  // By event and place.
  mutable std::unordered_map<FunctionId, std::unordered_map<std::uint64_t, bool>> checked_;
};

}  // namespace ftaudit::analysis
