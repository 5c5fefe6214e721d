// The cyclic garbage collector (C API reference: typeobj, tp_traverse; gcsupport; weakref. Python/gc_free_threading.c:
// the world is stopped while objects are traversed).
#include "capi/collector.h"

#include "capi/names.h"

namespace ftaudit::capi {

const std::vector<std::string_view> traverse_table{
    "Py_VISIT",
    "Py_TYPE",
    "Py_SIZE",
    "Py_IS_TYPE",
    "Py_Is*",
    "Py_REFCNT",
    "Py*_Check",
    "Py*_CheckExact",
    "Py*_GET_SIZE",
    "Py*_GET_ITEM",
    "PyObject_TypeCheck",
    "PyType_HasFeature",
    "PyType_IsSubtype",
    "PyType_GetFlags",
    "PyObject_VisitManagedDict",
    "_PyObject_VisitManagedDict",
    "*_DuringGC",
    "PyObject_GetTypeData",
    "PyObject_GetItemData",
    "PyType_GetSlot",
    "PyModule_GetState",
    "PyType_GetModuleState",
    "PyType_GetModule",
    "PyType_GetModuleByDef",
    "PyObject_GC_IsTracked",
    "PyObject_GC_IsFinalized",
    "PyThreadState_Get*",
    "PyDict_Next",
    "PyTuple_Size",
    "PyList_Size",
    "PyTuple_GetItem",
    "_Py_CAST",
    "PyCapsule_GetPointer",
    "_Py_atomic_*",
    "PyUnstable_*",
    "PyCell_GET",
    "PyMem_*",
    "PyState_FindModule",
    "PyUnicode_*",
};

bool allowed_in_traverse(std::string_view name) { return listed(traverse_table, name); }

bool tracks(std::string_view name) { return name == "PyObject_GC_Track"; }

bool clears_weak_references(std::string_view name) { return name == "PyObject_ClearWeakRefs"; }

}  // namespace ftaudit::capi
