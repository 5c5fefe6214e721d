// Names of fields of CPython's structs that analyses and rules go by, each written once: a table of a type or a module
// names its parts by them, and code reads and writes them. Which of them are slots, and what for, is slots.h's.
// Source: C API reference, typeobj, module and structures; CPython's headers.
#pragma once

#include <string_view>

namespace ftaudit::capi::fields {

// Of an object: PyObject, PyVarObject, PyListObject.
inline constexpr std::string_view header_prefix = "ob_";
inline constexpr std::string_view type = "ob_type", count = "ob_refcnt", mutex = "ob_mutex", items = "ob_item";
// Of a weak reference.
inline constexpr std::string_view referent = "wr_object";
// Of a type.
inline constexpr std::string_view type_name = "tp_name", base = "tp_base", dict = "tp_dict", flags = "tp_flags",
                                  make = "tp_new", dealloc = "tp_dealloc", dict_offset = "tp_dictoffset",
                                  weak_list_offset = "tp_weaklistoffset", heap_type = "ht_type",
                                  vectorcall_offset = "tp_vectorcall_offset";
// The name of the member that says the same for a type made from a PyType_Spec.
inline constexpr std::string_view vectorcall_member = "__vectorcalloffset__", vectorcall_slot = "tp_vectorcall",
                                  call_method = "__call__";
// Of a row of slots (PyType_Slot, PyModuleDef_Slot), of one of members.
inline constexpr std::string_view slot = "slot", slot_function = "pfunc", slot_value = "value",
                                  member_offset = "offset", member_type = "type", member_flags = "flags";
// Of a module's definition.
inline constexpr std::string_view module_name = "m_name", methods = "m_methods", module_slots = "m_slots",
                                  traverse = "m_traverse", clear = "m_clear", free = "m_free";
// Of a method, and of an attribute or a PyType_Spec.
inline constexpr std::string_view method_name = "ml_name", method = "ml_meth", method_flags = "ml_flags", name = "name",
                                  getter = "get", setter = "set";

}  // namespace ftaudit::capi::fields
