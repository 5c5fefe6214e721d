// Values: where the value of a local comes from and where it goes, along the paths of one function. Reaching
// definitions and uses on demand, copies into other locals followed. Knows nothing of who owns what, or of locks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/suspension.h"

namespace ftaudit::analysis {

// How an event uses a value.
struct Use {
  enum class Kind : std::uint8_t {
    tested,    // compared, printed as an address, or used as a truth value
    counted,   // a reference is taken: Py_INCREF, Py_NewRef, Py_BuildValue
    released,  // Py_DECREF and its like
    passed,    // argument of a call
    followed,  // dereferenced: something is read or written through it
    stored,    // written to memory other than a local
    returned,
  };
  Kind kind = Kind::tested;
  EventId event;
  int argument = -1;       // of a passed use
  bool suspended = false;  // on some path a call that may run Python or detach lies between
};

// How a call uses an object that it is given.
Use::Kind kind_of_use(const std::string& callee);

// Of a use in `*out = self->value`: the parameter that leads to where the value is put; none for other uses.
std::uint32_t handed_out_by(const model::Function& function, const Use& use);

struct Path;

// What a function of the project returns, as a path in its own terms, or null where that is no one path.
using Returned = std::function<const Path*(FunctionId)>;

class Values {
 public:
  Values(const Program& program, const Suspension& suspension, FunctionId function, Returned returned = {});

  // What the call gives back, in terms of its callee's parameters and globals; null where that is no one path.
  const Path* result(EventId call) const;

  // The events that may have given `variable` its value just before event `at`, sorted; none stands for its value on
  // entry.
  const std::vector<EventId>& definitions(std::uint32_t variable, EventId at) const;

  // The write to the very place that stands last before the event, in the order of the text; none.
  EventId written_before(std::uint32_t place, EventId at) const;

  // Every use of what event `source` yields: its result, or what it puts into `variable` if one is given. Copies into
  // other locals are followed until those are overwritten.
  // With `until_owned` a path ends where a reference is taken: from there on the value is the function's own.
  std::vector<Use> uses(EventId source, std::uint32_t variable = none, bool until_owned = false) const;
  // What becomes of the value that a read of memory yields, which the expression around it consumes.
  std::vector<Use> uses_of_read(EventId load) const;
  // The same as uses() for the value a parameter has on entry.
  std::vector<Use> uses_of_parameter(std::uint32_t parameter) const;

  // Control can get from just after `from` to `to` without giving `variable` a new value on the way, nor passing the
  // event `around`.
  bool reaches(EventId from, EventId to, std::uint32_t variable, EventId around = none) const;

  // What must have been decided for control to be at `at`: each dominating compare event with its outcome.
  void each_condition(EventId at, const std::function<void(EventId compare, bool outcome)>& visit) const;

  // The value comes out of event `source`: its result, what it put into a local, or, if `computed`, something that a
  // call made of that.
  bool comes_from(const model::Operand& operand, EventId at, EventId source, bool computed, int depth = 0) const;

  // Made of the identity of the running thread: no other thread has this value.
  bool is_of_this_thread(const model::Operand& operand, EventId at) const;

  // A name for the value an operand has at `at`, such that equal names are the same object: "p0", "p0->items", "g3",
  // "c17" (result of event 17), "&p0->mu". Copies through locals with one definition are looked through.
  // Elements of an array that a variable counts are one for another, as the locks of a striped table are.
  std::string identity(const model::Operand& operand, EventId at) const { return name(operand, at, false, 0); }
  std::string identity(const model::Place& place, EventId at) const { return name(place, at, false, 0); }
  // The same, with those told apart by what the variable holds at `at`.
  std::string exact_identity(const model::Operand& operand, EventId at) const { return name(operand, at, true, 0); }

  // The place lies in a local record: in `copy = *original` copy.size is not original->size any more. What an unchanged
  // pointer in the copy leads to is the same for both.
  bool is_own_storage(const model::Place& place) const;

  // The bare local that an operand's value or address is of, or none.
  std::uint32_t local_of(const model::Operand& operand) const;

  // The writes to anything but a bare local, sorted.
  const std::vector<EventId>& memory_writes() const { return memory_writes_; }

 private:
  struct Copy {
    std::uint32_t variable;
    EventId event;
    bool suspended;
  };
  std::string name(const model::Operand& operand, EventId at, bool exact, int depth) const;
  std::string name(const model::Place& place, EventId at, bool exact, int depth) const;
  std::string element(const model::Step& step, EventId at, bool exact) const;
  using IsIt = std::function<bool(const model::Operand&)>;
  bool overwrites(const model::Event& event, std::uint32_t variable) const;
  const std::vector<EventId>& overwritten(std::uint32_t variable) const;  // every event that may
  const std::vector<std::vector<EventId>>& entering(std::uint32_t variable) const;
  void leave_out_entry(std::uint32_t variable, std::vector<EventId>& given) const;
  bool mentions(EventId event, std::uint32_t variable) const;
  void classify(EventId at, const IsIt& is_it, bool suspended, std::vector<Use>& uses, std::vector<Copy>& copies) const;
  void walk(const Copy& start, bool until_owned, std::vector<Use>& uses, std::vector<Copy>& copies) const;
  std::vector<Use> follow(std::vector<Use> uses, std::vector<Copy> copies, bool until_owned) const;

  const Program& program_;
  const Suspension& suspension_;
  const Returned returned_;
  const model::Function& function_;
  const Flow& flow_;
  std::vector<std::vector<EventId>> mentions_;  // per variable: the events that name it, sorted
  mutable std::vector<std::optional<std::vector<EventId>>> overwritten_;
  // Per variable that was asked about: its definitions at the beginning of each block, sorted.
  mutable std::unordered_map<std::uint32_t, std::vector<std::vector<EventId>>> entering_;
  mutable std::unordered_map<std::uint64_t, std::vector<EventId>> given_;   // where the block itself gives it one
  mutable std::unordered_map<std::uint32_t, std::vector<EventId>> writes_;  // per place that was asked about
  Per<EventId, std::vector<EventId>> results_;  // per event: the events that name its result
  std::vector<EventId> memory_writes_;
};

}  // namespace ftaudit::analysis
