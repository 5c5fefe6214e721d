// Data. Allocators by domain, reference counts, what free-threaded builds took away (C API reference: memory, refcounting, object; whatsnew 3.13 to 3.15).
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<Allocator> allocator_table{
    {"PyObject_Malloc", Domain::object},
    {"PyObject_Calloc", Domain::object},
    {"PyObject_Realloc", Domain::object},
    {"PyObject_Free", Domain::object},
    {"PyObject_New", Domain::object},
    {"PyObject_NewVar", Domain::object},
    {"PyObject_GC_New", Domain::object},
    {"PyObject_GC_NewVar", Domain::object},
    {"PyObject_GC_Resize", Domain::object},
    {"PyObject_Del", Domain::object},
    {"PyObject_GC_Del", Domain::object},
    {"PyUnstable_Object_GC_NewWithExtraData", Domain::object},
    {"PyType_GenericAlloc", Domain::object},
    {"tp_alloc", Domain::object},
    {"PyObject_MALLOC", Domain::object},
    {"PyObject_REALLOC", Domain::object},
    {"PyObject_FREE", Domain::object},
    {"PyObject_DEL", Domain::object},
    {"PyMem_Malloc", Domain::mem},
    {"PyMem_Calloc", Domain::mem},
    {"PyMem_Realloc", Domain::mem},
    {"PyMem_Free", Domain::mem},
    {"PyMem_New", Domain::mem},
    {"PyMem_Resize", Domain::mem},
    {"PyMem_Del", Domain::mem},
    {"PyMem_MALLOC", Domain::mem},
    {"PyMem_REALLOC", Domain::mem},
    {"PyMem_FREE", Domain::mem},
    {"PyMem_NEW", Domain::mem},
    {"PyMem_RESIZE", Domain::mem},
    {"PyMem_DEL", Domain::mem},
    {"PyMem_RawMalloc", Domain::raw},
    {"PyMem_RawCalloc", Domain::raw},
    {"PyMem_RawRealloc", Domain::raw},
    {"PyMem_RawFree", Domain::raw},
    {"malloc", Domain::libc},
    {"calloc", Domain::libc},
    {"realloc", Domain::libc},
    {"free", Domain::libc},
    {"aligned_alloc", Domain::libc},
    {"posix_memalign", Domain::libc},
    {"operator new", Domain::libc},
    {"operator delete", Domain::libc},
};

const std::vector<std::string_view> unique_safe_table{
    "PyUnstable_Object_IsUniquelyReferenced", "PyUnstable_Object_IsUniqueReferencedTemporary", "PyUnstable_TryIncRef", "PyUnstable_EnableTryIncRef", "PyUnstable_IsImmortal", "PyUnstable_SetImmortal", "PyUnstable_Object_EnableDeferredRefcount",
};

const std::vector<std::string_view> refcount_writer_table{
    "Py_SET_REFCNT", "Py_SET_TYPE", "_Py_NewReference", "_Py_ForgetReference", "_Py_SetRefcnt", "_Py_SetImmortal",
};

const std::vector<std::string_view> unique_mutator_table{
    "_PyBytes_Resize", "_PyTuple_Resize", "PyTuple_SetItem", "PyTuple_SET_ITEM", "PyUnicode_Resize", "PyUnicode_Append", "PyUnicode_WRITE", "PyUnicode_WriteChar", "PyUnicode_CopyCharacters", "PyUnicode_Fill", "PyStructSequence_SetItem", "PyObject_GC_Resize", "PySet_Add",
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
