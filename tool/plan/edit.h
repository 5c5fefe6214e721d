// Edits as what they do to the facts: a lock held around events, a variable made atomic, a lent reference owned. What a
// remedy is made of, and all that a supposition knows of it. Functions and events are those of the facts as they were
// read, however many other edits are supposed besides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/program.h"

namespace ftaudit::plan {

using analysis::EventId;
using analysis::FunctionId;
using analysis::none;

// A part of a function, from where it begins to each way out of it.
struct Stretch {
  EventId first = none;                      // it begins before this event, or, with none,
  std::uint32_t behind = none;               // at the end of this block
  std::vector<EventId> last;                 // it ends after each of these,
  std::vector<std::uint32_t> before, after;  // at the beginning of these blocks, and at the end of these
};

struct Edit {
  enum class Does : std::uint8_t {
    hold,          // from before event `first` until after event `last`, or in `stretch`; with neither, all through the
                   // function
    make_atomic,   // every access of `global`, or of `field` of `record`
    only_read,     // the write `first` is made while the module is made, once
    per_thread,    // `global` is each thread's own
    call,          // the call `first` is one of `callee` instead
    copy,          // where `stretch` begins `callee` makes a copy of the object: `events` are about that
    swap,          // the events `first` and `last` change places
    let_go_first,  // the release `last` comes before the call `first`
    wait_detached,  // the native lock `global`, or `field` of `record`, is a PyMutex
    use_accessor,   // the read `first` is one that the C API's macro makes
    take_out_test,  // the comparison `first` decides nothing any more
    make_mutex,     // the mutex `field` of the new struct whose pointer the write `first` keeps, which nothing zeroes
    declare,        // the module of the slots or definition `global`, of the binding `macro` (by `callee`), or made by
                    // the call `first`, says that it runs without the GIL
  };
  enum class Lock : std::uint8_t { section, py_mutex, native };

  Does does = Does::hold;
  FunctionId function = none;
  EventId first = none, last = none;
  std::optional<Stretch> stretch;
  std::vector<EventId> events;
  Lock lock = Lock::section;
  bool apart = false;  // hold: what the function does to the state elsewhere has to come to the same place first
  bool own_reference = false;         // hold: a reference is taken to what event `first` reads, and `events` use it
  std::vector<model::Place> objects;  // hold: one or two objects, or the mutex
  bool by_address = false;            // the mutex is that place, and not what a pointer in it leads to
  std::string mutex;                  // hold: a new global PyMutex of this name; no objects then
  std::string new_field_of;           // hold: the mutex is a new field of this record
  model::GlobalId global{none};
  std::string record, field;
  std::string callee;
  std::uint32_t macro = none;  // index into Facts::macros
};

// The critical section of its objects all through the function.
inline bool is_whole_section(const Edit& edit) {
  return edit.does == Edit::Does::hold && edit.lock == Edit::Lock::section && edit.first == none && !edit.stretch &&
         !edit.own_reference;
}

inline bool is_same_object(const model::Place& a, const model::Place& b) {
  return a.root == b.root && a.variable == b.variable && a.global == b.global && a.call == b.call && a.steps == b.steps;
}

// `self` of `*self`.
inline model::Place pointer_to(model::Place object) {
  if (!object.steps.empty() && object.steps.back().kind == model::Step::Kind::deref) object.steps.pop_back();
  return object;
}

inline bool is_first_parameter(const model::Place& place) {
  return place.root == model::Place::Root::variable && place.variable == 0 && place.steps.empty();
}

// A section has room for two; false where this would be the third.
inline bool add_object(std::vector<model::Place>& objects, const model::Place& object) {
  for (const model::Place& known : objects)
    if (is_same_object(known, object)) return true;
  if (objects.size() > 1) return false;
  objects.push_back(object);
  return true;
}

}  // namespace ftaudit::plan
