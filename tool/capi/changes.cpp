// What calls do inside objects (C API reference: dict, list, tuple, set, bytes, bytearray, unicode, sequence, mapping,
// object; HOWTO free-threading-extensions, "Borrowed References", "General API Guidelines").
#include "capi/changes.h"

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct Taking {
  std::string_view name;  // a pattern
  int argument;
};
struct Editing {
  std::string_view name;  // a pattern
  Edit edit;
};
struct Pointer {
  std::string_view name;
  Memory into;
};

}  // namespace

const std::vector<std::string_view> walk_table{"PyDict_Next", "_PyDict_Next", "_PySet_NextEntry"};

// An iterator over a dict or a set hands out what is in it, and nobody the container itself; one over a list does so
// only to who pickles it.
const std::vector<std::string_view> leaving_table{
    "PyDict_GetItem*", "PyDict_Contains*",  "PyDict_Next",         "PyDict_Size",
    "PyDict_GET_SIZE", "PyDict_Copy",       "PyDict_Keys",         "PyDict_Values",
    "PyDict_Items",    "PyList_GetItem*",   "PyList_GET_*",        "PyList_Size",
    "PyList_GetSlice", "PyList_AsTuple",    "PyTuple_Get*",        "PyTuple_GET_*",
    "PyTuple_Size",    "PySequence_Fast_*", "PySequence_Contains", "PySequence_Tuple",
    "PySet_Contains",  "PySet_Size",        "PyObject_Length",     "PyObject_Size",
    "PyObject_IsTrue", "PyMapping_Size",    "Py*_Check",           "Py*_CheckExact",
    "Py_TYPE",         "Py_INCREF",         "Py_XINCREF",          "Py_DECREF",
    "Py_XDECREF",      "Py_DecRef",         "PyCriticalSection*",  "PyObject_GC_*",
    "Py_SIZE",         "PyObject_GetIter",  "PySequence_List",
};

const std::vector<std::string_view> filling_table{"PyDict_SetItem*", "PyList_SetItem*", "PyDict_Update*",
                                                  "PyDict_Merge*"};

const std::vector<std::string_view> container_family_table{"PyDict_*", "PyList_*", "PySet_*", "PyCell_*"};

const std::vector<std::string_view> dict_writer_table{
    "PyDict_SetItem",       "PyDict_SetItemString", "_PyDict_SetItem_KnownHash",
    "PyDict_SetDefault",    "PyDict_SetDefaultRef", "PyDict_DelItem",
    "PyDict_DelItemString", "PyDict_Pop",           "PyDict_PopString",
    "PyDict_Clear",         "PyDict_Update",        "PyDict_Merge",
    "PyDict_MergeFromSeq2",
};

const std::vector<std::string_view> unlocked_writer_table{"PyList_SET_ITEM", "PyCell_SET", "Py_SET_SIZE"};

const std::vector<Taking> taking_table{
    {"PyList_Append", 1},   {"PySet_Add", 1},         {"PyList_SetItem", 2},   {"PyList_Insert", 2},
    {"PyDict_SetItem*", 2}, {"PyObject_SetAttr*", 2}, {"PyObject_SetItem", 2},
};

const std::vector<Editing> edit_table{
    {"_PyBytes_Resize", Edit::resizes},         {"_PyTuple_Resize", Edit::resizes},
    {"PyUnicode_Resize", Edit::resizes},        {"PyTuple_SetItem*", Edit::writes},
    {"PyTuple_SET_ITEM", Edit::writes},         {"PyUnicode_WriteChar", Edit::writes},
    {"PyUnicode_CopyCharacters", Edit::writes}, {"PyUnicode_Fill", Edit::writes},
    {"PyStructSequence_SetItem", Edit::writes}, {"PyStructSequence_SET_ITEM", Edit::writes},
};

const std::vector<Pointer> pointer_table{
    {"PyByteArray_AS_STRING", Memory::bytearray}, {"PyByteArray_AsString", Memory::bytearray},
    {"PyBytes_AS_STRING", Memory::immutable},     {"PyBytes_AsString", Memory::immutable},
    {"PyUnicode_DATA", Memory::immutable},        {"PyUnicode_1BYTE_DATA", Memory::immutable},
    {"PyUnicode_2BYTE_DATA", Memory::immutable},  {"PyUnicode_4BYTE_DATA", Memory::immutable},
};

constexpr std::string_view default_ref =
    "PyDict_SetDefaultRef, which looks and stores in one step, or a critical section around both (CPython 3.14 and "
    "newer)";
constexpr std::string_view own_lock = "a lock of its own around both calls";
constexpr std::string_view own_check =
    "the check of the fetched value itself: between the two calls another thread may have taken it away";

const std::vector<Reliance>& reliances() {
  using enum Reliance::Kind;
  static const std::vector<Reliance> table{
      {"PyDict_Contains*", "PyDict_SetItem*", changes, default_ref},
      {"PyDict_GetItem*", "PyDict_SetItem*", fills, default_ref},
      {"PyMapping_HasKey*", "PyObject_SetItem", changes, own_lock},
      {"PyDict_Contains*", "PyDict_GetItem*", fetches, own_check},
      {"PyMapping_HasKey*", "PyObject_GetItem", fetches, own_check},
      {"PyMapping_HasKey*", "PyMapping_GetItem*", fetches, own_check},
      {"PyObject_HasAttr*", "PyObject_GetAttr*", attribute, own_check},
      {"Py*_Size", "PyList_GetItemRef", fetches, own_check},
      {"PyList_GET_SIZE", "PyList_GetItemRef", fetches, own_check},
      {"Py*_Size", "PySequence_GetItem", fetches, own_check},
  };
  return table;
}

bool walks(std::string_view name) { return listed(walk_table, name); }
bool leaves_container(std::string_view name) { return listed(leaving_table, name); }
bool only_adds(std::string_view name) { return name == "PyDict_SetDefault" || name == "PyDict_SetDefaultRef"; }
bool fills(std::string_view name) { return listed(filling_table, name); }
bool works_on_container(std::string_view name) { return listed(container_family_table, name); }
bool makes_tuple(std::string_view name) {
  return name == "PySequence_Tuple" || name == "PyList_AsTuple" || name == "PyTuple_Pack" || name == "PyTuple_GetSlice";
}
bool works_on_tuple(std::string_view name) { return glob_match("PyTuple_*", name); }
bool writes_dict(std::string_view name) { return listed(dict_writer_table, name); }
bool changes_unlocked(std::string_view name) { return listed(unlocked_writer_table, name); }
bool sets_list_item(std::string_view name) { return name == "PyList_SET_ITEM"; }
bool makes_fast_sequence(std::string_view name) { return name == "PySequence_Fast"; }
bool looks_into_fast_sequence(std::string_view name) {
  return name == "PySequence_Fast_GET_ITEM" || name == "PySequence_Fast_ITEMS";
}

bool reads_size(std::string_view name) { return name.ends_with("_GET_SIZE"); }

int taken_in(std::string_view name) {
  for (const Taking& row : taking_table)
    if (glob_match(row.name, name)) return row.argument;
  return -1;
}

Edit edits_immutable(std::string_view name) {
  for (const Editing& row : edit_table)
    if (glob_match(row.name, name)) return row.edit;
  return Edit::none;
}

Memory memory_given(std::string_view name) {
  const Pointer* row = row_named<pointer_table>(name);
  return row == nullptr ? Memory::none : row->into;
}
bool resizes_bytearray(std::string_view name) { return name == "PyByteArray_Resize"; }

}  // namespace ftaudit::capi
