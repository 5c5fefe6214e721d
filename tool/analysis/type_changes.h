// Type changes: members of type objects, their dicts, the types of objects and the interpreter's watchers, changed
// directly instead of through the functions that tell the method caches and lock. A type that is still being made is
// its maker's. Source: C API reference, type objects; HOWTO free-threading-extensions.
#pragma once

#include <optional>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct TypeChange {
  enum class How : std::uint8_t {
    watchers,        // the table of watchers, which has no lock
    type_of_object,  // another type for an object
    member,          // a field of a type
    dict,            // tp_dict, or what stands for it
  };
  How how = How::member;
  std::string member;        // the field
  bool others_have = false;  // what is changed: others may be at it
  bool handed_in = false;    // a caller in Python says which type it is
};

// What the event changes; nothing where it is no such change.
std::optional<TypeChange> type_change(const Audit& audit, const Site& site);

}  // namespace ftaudit::analysis
