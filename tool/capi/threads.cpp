// Data. What calls do to the thread state, which must be made attached, which functions run attached or detached (C API
// reference: threads, memory, synchronization; HOWTO free-threading-extensions; pybind11 and nanobind documentation).
#include "capi/tables.h"

namespace ftaudit::capi {

using enum ThreadCall::Does;

const std::vector<ThreadCall> thread_call_table{
    {"PyEval_SaveThread", detach},
    {"PyEval_ReleaseThread", detach},
    {"PyThreadState_DeleteCurrent", detach},
    {"PyEval_RestoreThread", attach},
    {"PyEval_AcquireThread", attach},
    {"PyThreadState_Swap", swap},
    {"PyGILState_Ensure", ensure},
    {"PyThreadState_Ensure", ensure},
    {"PyThreadState_EnsureFromView", ensure},
    {"PyGILState_Release", put_back},
    {"PyThreadState_Release", put_back},
    {"pybind11::gil_scoped_release::gil_scoped_release", detach},
    {"pybind11::gil_scoped_release::~gil_scoped_release", put_back},
    {"pybind11::gil_scoped_acquire::gil_scoped_acquire", ensure},
    {"pybind11::gil_scoped_acquire::~gil_scoped_acquire", put_back},
    {"pybind11::gil_scoped_acquire_simple::gil_scoped_acquire_simple", ensure},
    {"pybind11::gil_scoped_acquire_simple::~gil_scoped_acquire_simple", put_back},
    {"nanobind::gil_scoped_release::gil_scoped_release", detach},
    {"nanobind::gil_scoped_release::~gil_scoped_release", put_back},
    {"nanobind::gil_scoped_acquire::gil_scoped_acquire", ensure},
    {"nanobind::gil_scoped_acquire::~gil_scoped_acquire", put_back},
};

// What names of CPython's C API begin with, after "Py" or "_Py". Other libraries have functions named Py* too.
const std::vector<std::string_view> api_family_table{
    "_", "Arg_", "Bool_", "Buffer_", "ByteArray_", "Bytes_", "CFunction_", "CMethod_", "CallIter_", "Callable_", "Capsule_", "Cell_", "Code_", "Codec_", "Complex_",
    "Context_", "ContextVar_", "CriticalSection_", "CriticalSection2_", "Date_", "DateTime_", "Delta_", "Descr_", "DictProxy_", "Dict_", "Err_", "Eval_", "Exception_",
    "File_", "Float_", "Frame_", "FrozenSet_", "Function_", "GC_", "Gen_", "Import_", "Index_", "InterpreterState_", "Iter_", "List_", "Long_", "Mapping_", "Mem_",
    "MemoryView_", "Method_", "Module_", "Number_", "OS_", "Object_", "Run_", "SeqIter_", "Sequence_", "Set_", "Slice_", "State_", "StructSequence_", "Sys_",
    "ThreadState_", "TimeZone_", "TraceBack_", "Tuple_", "Type_", "UnicodeWriter_", "Unicode_", "Unstable_", "Vectorcall_", "Weakref_",
};

const std::vector<std::string_view> detached_table{
    // callable without an attached thread state
    "PyMutex_Lock", "PyMutex_Unlock", "PyMutex_IsLocked", "PyMem_Raw*", "PyThreadState_Ensure", "PyThreadState_EnsureFromView", "PyThreadState_GetUnchecked",
    "PyThreadState_New", "PyThreadState_Swap", "PyThreadState_GetDict", "PyEval_RestoreThread", "PyEval_AcquireThread", "PyInterpreterState_New", "PyInterpreterState_Main",
    "Py_AddPendingCall", "PyErr_SetInterrupt", "PyErr_SetInterruptEx", "PyUnstable_PerfMapState_Init", "PyUnstable_WritePerfMapEntry", "PyUnstable_PerfMapState_Fini",
    "PyUnstable_DumpTraceback", "PyUnstable_DumpTracebackThreads", "PyObject_Dump", "PyInterpreterGuard_FromView", "PyInterpreterGuard_Close", "PyInterpreterView_FromMain", "PyInterpreterView_Close", "Py_IsInitialized", "Py_IsFinalizing", "Py_GetVersion", "Py_FatalError",
    "_Py_FatalErrorFunc", "Py_Is", "_Py_atomic_*", "PyOS_snprintf", "PyOS_vsnprintf", "PyOS_mystr*", "_Py_HashBytes",
    // looks at what cannot change while the object lives, and takes no reference
    "Py_TYPE", "Py_SIZE", "Py_REFCNT", "Py_IS_TYPE", "_Py_IsImmortal", "Py*_Check", "Py*_CheckExact", "PyObject_TypeCheck", "PyType_HasFeature", "PyType_IsSubtype",
    "PyObject_CheckBuffer", "PyTuple_GET_*", "PyList_GET_SIZE", "PyBytes_AS_STRING", "PyBytes_GET_SIZE", "PyByteArray_AS_STRING", "PyByteArray_GET_SIZE", "PyUnicode_GET_LENGTH",
    "PyUnicode_KIND", "PyUnicode_DATA", "PyUnicode_READ*", "PyUnicode_IS_*", "PyUnicode_MAX_CHAR_VALUE", "PyUnicode_*_DATA", "_PyUnicode_*_DATA", "PyFloat_AS_DOUBLE",
    "PyMemoryView_GET_*", "PyBuffer_IsContiguous", "PyBuffer_GetPointer", "PyBuffer_FillContiguousStrides", "PyDateTime_GET_*", "PyDateTime_DATE_*", "PyDateTime_TIME_*",
    "PyDateTime_DELTA_*", "Py_UNICODE_*", "_PyUnicode_Is*", "_PyUnicode_To*", "Py_ISALPHA", "Py_ISDIGIT", "Py_ISSPACE", "Py_ISALNUM", "Py_TOLOWER", "Py_TOUPPER",
};

const std::vector<std::string_view> object_api_table{
    // C++ bindings: what counts references, makes objects or runs Python
    "pybind11::handle::inc_ref", "pybind11::handle::dec_ref", "pybind11::handle::cast", "pybind11::object::~object", "pybind11::object::cast", "pybind11::cast", "pybind11::print",
    "pybind11::exec", "pybind11::eval", "pybind11::detail::object_api::*", "pybind11::module_::import", "pybind11::module_::attr", "pybind11::list::append",
    "pybind11::str::*", "pybind11::bytes::*", "pybind11::list::~list", "pybind11::dict::~dict", "pybind11::tuple::~tuple", "pybind11::int_::int_", "pybind11::float_::float_",
    "pybind11::reinterpret_borrow", "pybind11::make_tuple", "pybind11::array::~array", "pybind11::array_t::~array_t", "pybind11::function::~function",
    "nanobind::handle::inc_ref", "nanobind::handle::dec_ref", "nanobind::object::~object", "nanobind::cast", "nanobind::print", "nanobind::detail::api::operator()",
    "nanobind::borrow", "nanobind::module_::import_", "nanobind::list::append", "nanobind::list::~list", "nanobind::dict::~dict", "nanobind::str::*", "nanobind::make_tuple",
};

const std::vector<std::string_view> attached_roots_table{
    "PyMethodDef", "PyGetSetDef", "PyTypeObject", "PyModuleDef", "PyCapsule_New", "Py_AddPendingCall", "PyWeakref_NewRef", "PyType_AddWatcher", "PyDict_AddWatcher", "PyEval_SetProfile", "PyEval_SetTrace", "PySys_AddAuditHook",
};

const std::vector<std::string_view> detached_roots_table{
    "pthread_create", "std::thread::thread", "std::jthread::jthread", "std::async", "thrd_create", "CreateThread", "PyThread_start_new_thread", "signal", "sigaction", "PyOS_setsig", "atexit", "Py_AtExit",
};

// Those whose function runs on a thread of its own, from its start to its end.
const std::vector<std::string_view> thread_roots_table{"pthread_create", "std::thread::thread", "std::jthread::jthread", "thrd_create", "CreateThread", "_beginthreadex", "PyThread_start_new_thread"};

// MSG_DONTWAIT is 0x40, WNOHANG 1 (Linux headers).
const std::vector<Blocking> blocking_table{
    {"sleep", 0, -1, 0, false, false},
    {"usleep", 0, -1, 0, false, false},
    {"nanosleep", -1, -1, 0, false, false},
    {"clock_nanosleep", -1, -1, 0, false, false},
    {"thrd_sleep", -1, -1, 0, false, false},
    {"Sleep", 0, -1, 0, false, false},
    {"std::this_thread::sleep_for", -1, -1, 0, false, false},
    {"std::this_thread::sleep_until", -1, -1, 0, false, false},
    {"pause"},
    {"sigwait"},
    {"sigwaitinfo"},
    {"sigsuspend"},
    {"wait"},
    {"waitpid", -1, 2, 1},
    {"wait4", -1, 2, 1},
    {"system"},
    {"pclose"},
    {"pthread_join", -1, -1, 0, false, true, true},
    {"thrd_join", -1, -1, 0, false, true, true},
    {"std::thread::join", -1, -1, 0, false, true, true},
    {"std::jthread::join", -1, -1, 0, false, true, true},
    {"pthread_cond_wait"},
    {"pthread_cond_timedwait", -1, -1, 0, false, false},
    {"pthread_barrier_wait"},
    {"cnd_wait"},
    {"std::condition_variable::wait"},
    {"std::condition_variable::wait_for", -1, -1, 0, false, false},
    {"std::condition_variable::wait_until", -1, -1, 0, false, false},
    {"std::condition_variable_any::wait"},
    {"std::future::get", -1, -1, 0, false, true, true},
    {"std::future::wait", -1, -1, 0, false, true, true},
    {"std::shared_future::get", -1, -1, 0, false, true, true},
    {"std::shared_future::wait", -1, -1, 0, false, true, true},
    {"accept"},
    {"accept4"},
    {"connect"},
    {"recv", -1, 3, 0x40},
    {"recvfrom", -1, 3, 0x40},
    {"recvmsg", -1, 2, 0x40},
    {"select", 4, -1, 0, true},
    {"pselect", 4, -1, 0, true},
    {"poll", 2},
    {"ppoll", 2, -1, 0, true},
    {"epoll_wait", 3},
    {"epoll_pwait", 3},
    {"msgrcv"},
    {"mq_receive"},
    {"getaddrinfo"},
    {"getnameinfo"},
    {"gethostbyname"},
    {"WaitForSingleObject", 1},
    {"WaitForMultipleObjects", 3},
};

}  // namespace ftaudit::capi
