// Data. Allocators by domain, who makes objects, who may ask for and write reference counts (C API reference: memory,
// allocation, refcounting, object).
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<Allocator> allocator_table{
    // name, domain, returns a block, takes one back, zeroes it (PyType_GenericAlloc: of which kind depends on the type)
    {"PyObject_Malloc", Domain::object, true, false},
    {"PyObject_Calloc", Domain::object, true, false, true},
    {"PyObject_New", Domain::object, true, false},
    {"PyObject_NewVar", Domain::object, true, false},
    {"_PyObject_New", Domain::object, true, false},
    {"_PyObject_NewVar", Domain::object, true, false},
    {"PyObject_MALLOC", Domain::object, true, false},
    {"PyObject_Realloc", Domain::object, true, true},
    {"PyObject_REALLOC", Domain::object, true, true},
    {"PyObject_Free", Domain::object, false, true},
    {"PyObject_Del", Domain::object, false, true},
    {"PyObject_FREE", Domain::object, false, true},
    {"PyObject_DEL", Domain::object, false, true},
    {"PyType_GenericAlloc", Domain::object, false, false},
    {"tp_alloc", Domain::object, false, false},
    {"PyObject_GC_New", Domain::gc_object, true, false},
    {"PyObject_GC_NewVar", Domain::gc_object, true, false},
    {"PyUnstable_Object_GC_NewWithExtraData", Domain::gc_object, true, false},
    {"PyObject_GC_Resize", Domain::gc_object, true, true},
    {"PyObject_GC_Del", Domain::gc_object, false, true},
    {"PyMem_Malloc", Domain::mem, true, false},
    {"PyMem_Calloc", Domain::mem, true, false, true},
    {"PyMem_New", Domain::mem, true, false},
    {"PyMem_MALLOC", Domain::mem, true, false},
    {"PyMem_NEW", Domain::mem, true, false},
    {"_PyMem_Strdup", Domain::mem, true, false},
    {"PyUnicode_AsWideCharString", Domain::mem, true, false},
    {"PyUnicode_AsUCS4Copy", Domain::mem, true, false},
    {"PyOS_double_to_string", Domain::mem, true, false},
    {"Py_EncodeLocale", Domain::mem, true, false},
    {"PyMem_Realloc", Domain::mem, true, true},
    {"PyMem_Resize", Domain::mem, true, true},
    {"PyMem_REALLOC", Domain::mem, true, true},
    {"PyMem_RESIZE", Domain::mem, true, true},
    {"PyMem_Free", Domain::mem, false, true},
    {"PyMem_Del", Domain::mem, false, true},
    {"PyMem_FREE", Domain::mem, false, true},
    {"PyMem_DEL", Domain::mem, false, true},
    {"PyMem_RawMalloc", Domain::raw, true, false},
    {"PyMem_RawCalloc", Domain::raw, true, false, true},
    {"_PyMem_RawStrdup", Domain::raw, true, false},
    {"Py_DecodeLocale", Domain::raw, true, false},
    {"PyMem_RawRealloc", Domain::raw, true, true},
    {"PyMem_RawFree", Domain::raw, false, true},
    {"malloc", Domain::libc, true, false},
    {"calloc", Domain::libc, true, false, true},
    {"aligned_alloc", Domain::libc, true, false},
    {"memalign", Domain::libc, true, false},
    {"valloc", Domain::libc, true, false},
    {"strdup", Domain::libc, true, false},
    {"strndup", Domain::libc, true, false},
    {"realloc", Domain::libc, true, true},
    {"reallocarray", Domain::libc, true, true},
    {"free", Domain::libc, false, true},
    {"posix_memalign", Domain::libc, false, false},
    {"operator new", Domain::cxx, true, false},
    {"operator delete", Domain::cxx, false, true},
};

const std::vector<std::string_view> object_maker_table{
    "PyObject_New",  "PyObject_NewVar",  "PyObject_GC_New",  "PyObject_GC_NewVar",
    "_PyObject_New", "_PyObject_NewVar", "_PyObject_GC_New", "_PyObject_GC_NewVar",
};

const std::vector<std::string_view> unique_safe_table{
    "PyUnstable_Object_IsUniquelyReferenced",
    "PyUnstable_Object_IsUniqueReferencedTemporary",
    "PyUnstable_TryIncRef",
    "PyUnstable_EnableTryIncRef",
    "PyUnstable_IsImmortal",
    "PyUnstable_SetImmortal",
    "PyUnstable_Object_EnableDeferredRefcount",
};

const std::vector<std::string_view> refcount_writer_table{
    "Py_SET_REFCNT", "Py_SET_TYPE", "_Py_NewReference", "_Py_ForgetReference", "_Py_SetRefcnt", "_Py_SetImmortal",
};

}  // namespace ftaudit::capi
