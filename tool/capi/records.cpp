// The structs of CPython's headers (Include/object.h, cpython/object.h, descrobject.h, methodobject.h, moduleobject.h,
// import.h, lock.h, pystate.h of 3.13) and its types without change (Library reference: Built-in Types).
#include "capi/records.h"

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct RecordName {
  std::string_view name;
  Record record;
};
struct ImmutableType {
  std::string_view name;
  bool shown_by_check;
};

}  // namespace

const std::vector<RecordName> record_table{
    {"PyObject", Record::object},
    {"PyVarObject", Record::var_object},
    {"PyWeakReference", Record::weak_reference},
    {"PyTypeObject", Record::type_object},
    {"PyHeapTypeObject", Record::heap_type},
    {"_heaptypeobject", Record::heap_type},
    {"PyThreadState", Record::thread_state},
    {"_ts", Record::thread_state},
    {"PyMutex", Record::mutex},
    {"PyMethodDef", Record::method_def},
    {"PyGetSetDef", Record::getset_def},
    {"PyMemberDef", Record::member_def},
    {"PyType_Spec", Record::type_spec},
    {"PyType_Slot", Record::type_slot},
    {"PyNumberMethods", Record::slot_group},
    {"PySequenceMethods", Record::slot_group},
    {"PyMappingMethods", Record::slot_group},
    {"PyAsyncMethods", Record::slot_group},
    {"PyBufferProcs", Record::slot_group},
    {"PyModuleDef", Record::module_def},
    {"PyModuleDef_Slot", Record::module_def_slot},
    {"_inittab", Record::init_table},
};

// A check says nothing of numbers: types of the project's own are made of them, with fields that can change.
const std::vector<ImmutableType> immutable_type_table{
    {"PyTuple_Type", true},     {"PyBytes_Type", true}, {"PyUnicode_Type", true},
    {"PyFrozenSet_Type", true}, {"PyLong_Type", false}, {"PyFloat_Type", false},
};

Record record_named(std::string_view name) {
  const RecordName* row = row_named<record_table>(name);
  return row == nullptr ? Record::other : row->record;
}

bool is_public_name(std::string_view name) { return name.starts_with("Py"); }
bool is_api_name(std::string_view name) { return name.starts_with("Py") || name.starts_with("_Py"); }

bool is_immutable_type(std::string_view type) { return row_named<immutable_type_table>(type) != nullptr; }
bool checks_immutable(std::string_view name) {
  const std::size_t check = name.rfind("_Check");
  if (check == std::string_view::npos || (name.substr(check) != "_Check" && name.substr(check) != "_CheckExact"))
    return false;
  const ImmutableType* row = row_named<immutable_type_table>(std::string(name.substr(0, check)) + "_Type");
  return row != nullptr && row->shown_by_check;
}

bool is_filled_late(std::string_view field) {
  return field == "utf8" || field == "utf8_length" || field == "hash" || field == "ob_hash" || field == "ob_shash";
}
bool counts_entries(std::string_view field) { return field == "ma_used" || field == "used"; }

}  // namespace ftaudit::capi
