// Data. Allocators by domain, reference counts, what free-threaded builds took away (C API reference: memory,
// refcounting, object; whatsnew 3.13 to 3.15).
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<Allocator> allocator_table{
    // name, domain, returns a block, takes one back (PyType_GenericAlloc: of which kind depends on the type)
    {"PyObject_Malloc", Domain::object, true, false},
    {"PyObject_Calloc", Domain::object, true, false},
    {"PyObject_New", Domain::object, true, false},
    {"PyObject_NewVar", Domain::object, true, false},
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
    {"PyMem_Calloc", Domain::mem, true, false},
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
    {"PyMem_RawCalloc", Domain::raw, true, false},
    {"_PyMem_RawStrdup", Domain::raw, true, false},
    {"Py_DecodeLocale", Domain::raw, true, false},
    {"PyMem_RawRealloc", Domain::raw, true, true},
    {"PyMem_RawFree", Domain::raw, false, true},
    {"malloc", Domain::libc, true, false},
    {"calloc", Domain::libc, true, false},
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

const std::vector<std::string_view> unique_mutator_table{
    "_PyBytes_Resize",  "_PyTuple_Resize",          "PyTuple_SetItem",
    "PyTuple_SET_ITEM", "PyUnicode_Resize",         "PyUnicode_Append",
    "PyUnicode_WRITE",  "PyUnicode_WriteChar",      "PyUnicode_CopyCharacters",
    "PyUnicode_Fill",   "PyStructSequence_SetItem", "PyObject_GC_Resize",
    "PySet_Add",
};

const std::vector<Removed> removed_table{
    // what is not there or not usable, in which versions
    {"Py_LIMITED_API with Py_GIL_DISABLED", "3.13t, 3.14t"},
    {"Py_LIMITED_API with Py_GIL_DISABLED", "3.15t+"},
    {"Py_TARGET_ABI3T", "3.15+"},
    {"abi3 extensions (.abi3.so)", "3.15t"},
    {"PyMutex", "any limited API"},
    {"Py_BEGIN_CRITICAL_SECTION*", "before 3.13, and limited API before 3.15"},
    {"PyUnstable_Module_SetGIL", "GIL builds and limited API"},
    {"PyObject::ob_refcnt", "all free-threaded"},
    {"PyObject::ob_mutex", "all free-threaded"},
    {"sizeof(PyObject), offsetof into PyObject, static initialisers that list header fields", "all free-threaded"},
    {"PyGC_Head / _PyGC_* list walking", "all free-threaded"},
    {"Py_SET_REFCNT, _Py_NewReference", "all free-threaded"},
    {"Py_REFCNT(x)++ or = ", "3.10+"},
    {"PyWeakref_GetObject, PyWeakref_GET_OBJECT", "3.15"},
    {"PyEval_AcquireLock, PyEval_ReleaseLock, PyEval_ThreadsInitialized", "3.13"},
    {"PyEval_InitThreads", "3.9+"},
    {"PyDictObject::ma_version_tag", "3.14"},
    {"_Py_IDENTIFIER, _PyUnicode_FromId, _PyObject_GetAttrId, _PyObject_CallMethodId", "3.15"},
    {"PyDateTimeAPI direct read / NULL check", "3.15"},
    {"PyGILState_*", "3.15"},
    {"static PyTypeObject", "all"},
    {"PyInterpreterState_Get without attached state", "all"},
    {"Windows builds", "3.14+"},
    {"pymalloc / custom PyMem allocators", "all free-threaded"},
    {"PySequence_Fast_GET_SIZE/GET_ITEM/ITEMS", "limited API 3.14+"},
};

}  // namespace ftaudit::capi
