// The structs of CPython's headers by what they are, what its names look like, and the types whose objects never
// change. Used by analysis and rules, which do not spell them.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

enum class Record : std::uint8_t {
  other,  // a project's own, a library's
  object,
  var_object,
  weak_reference,
  type_object,
  heap_type,
  thread_state,
  mutex,
  method_def,
  getset_def,
  member_def,
  type_spec,
  type_slot,
  slot_group,  // the slots of one protocol: PyNumberMethods, PyBufferProcs
  module_def,
  module_def_slot,
  init_table,  // of an interpreter that is embedded: its built-in modules
};
Record record_named(std::string_view name);

// "PyList_New", "PyTypeObject". Other libraries have names that begin so, too.
bool is_public_name(std::string_view name);
// That, or CPython's private "_PyList_Extend".
bool is_api_name(std::string_view name);

// Objects of the type cannot be changed: "PyTuple_Type".
bool is_immutable_type(std::string_view type);
// Asks whether its argument is of such a type, and a yes shows that it is one: PyTuple_Check.
bool checks_immutable(std::string_view name);
// The field is filled in by whoever asks first, of an object that does not change otherwise.
bool is_filled_late(std::string_view field);
// The field says how many entries a dict or a set has.
bool counts_entries(std::string_view field);

}  // namespace ftaudit::capi
