// What is promised of names that everybody uses: one or more for every question.
#include <doctest/doctest.h>

#include <string>

#include "capi/capi.h"

using namespace ftaudit::capi;

TEST_CASE("borrowed results, with what to call instead") {
  const Borrowed* list = borrowed_return("PyList_GetItem");
  REQUIRE(list != nullptr);
  CHECK(list->container == "list");
  CHECK(list->replacement == "PyList_GetItemRef");
  CHECK(list->since == "3.13");
  CHECK(list->in_compat);
  CHECK(list->hazard == Hazard::high);
  CHECK_FALSE(list->is_macro);
  CHECK(borrowed_return("PyList_GET_ITEM")->is_macro);
  CHECK(borrowed_return("PyDict_GetItem")->replacement == "PyDict_GetItemRef");
  CHECK(borrowed_return("PyTuple_GetItem")->hazard == Hazard::none);
  CHECK(borrowed_return("PyErr_Occurred")->hazard == Hazard::none);
  CHECK(borrowed_return("PyWeakref_GetObject")->removed_in == "3.15");
  for (const char* strong : {"PyList_GetItemRef", "PyDict_GetItemRef", "PyObject_GetAttr", "PySequence_GetItem",
                             "PyObject_GetItem", "", "my_getter"})
    CHECK_MESSAGE(borrowed_return(strong) == nullptr, strong);
}

TEST_CASE("arguments that borrow, own or take over") {
  CHECK(borrowed_out("PyDict_Next")->has(2));
  CHECK(borrowed_out("PyDict_Next")->has(3));
  CHECK_FALSE(borrowed_out("PyDict_Next")->has(1));
  CHECK_FALSE(borrowed_out("PyDict_Next")->has(4));
  CHECK_FALSE(borrowed_out("PyArg_ParseTuple")->has(1));
  CHECK(borrowed_out("PyArg_ParseTuple")->has(2));
  CHECK(borrowed_out("PyArg_ParseTuple")->has(40));
  CHECK(strong_out("PyDict_GetItemRef")->has(2));
  CHECK(strong_out("PyDict_Next") == nullptr);
  CHECK(steals("PyList_SetItem")->has(2));
  CHECK_FALSE(steals("PyList_SetItem")->has(0));
  CHECK(steals("PyTuple_SET_ITEM")->has(2));
  CHECK(steals("PyList_Append") == nullptr);
  CHECK(steals("PyDict_SetItem") == nullptr);
}

TEST_CASE("the insides of containers") {
  REQUIRE(internal_field("PyListObject", "ob_item") != nullptr);
  CHECK(internal_field("PyListObject", "ob_item")->hazard == Hazard::high);
  CHECK(internal_field("PyListObject", "my_field") == nullptr);
  CHECK(internal_field("MyObject", "ob_item") == nullptr);
  REQUIRE(internal_call("PySequence_Fast_ITEMS") != nullptr);
  CHECK(internal_call("PyList_Size") == nullptr);
  CHECK(internal_call("") == nullptr);
}

TEST_CASE("memory written and read through arguments") {
  CHECK(writes_through("memset", 0));
  CHECK(writes_through("std::memcpy", 0));
  CHECK(writes_through("__builtin_memmove", 0));
  CHECK_FALSE(writes_through("memcpy", 1));
  CHECK(reads_through("memcpy", 1));
  CHECK(reads_through("memcmp", 0));
  CHECK(reads_through("printf", 3));
  CHECK_FALSE(reads_through("sprintf", 0));
  CHECK(writes_through("PyArg_ParseTuple", 7));
  CHECK(reads_through("PyArg_ParseTuple", 1));
  CHECK_FALSE(writes_through("my_function", 0));
  CHECK_FALSE(reads_through("my_function", 0));
  CHECK(only_looks("std::vector::begin"));
  CHECK_FALSE(only_looks("std::map::operator[]"));
  CHECK_FALSE(only_looks("std::vector::push_back"));
}

TEST_CASE("levels of safety") {
  CHECK(safety("PyList_Append") == Safety::atomic);
  CHECK(safety("PyDict_GetItemRef") == Safety::shared);
  CHECK(safety("my_function") == Safety::unknown);
  CHECK(safety("") == Safety::unknown);
}

TEST_CASE("new objects, and arguments that are kept") {
  for (const char* fresh : {"PyDict_New", "PyList_New", "PyDict_Copy", "PySequence_List"})
    CHECK_MESSAGE(makes_fresh(fresh), fresh);
  for (const char* old : {"PyObject_GetAttr", "PyList_GetItemRef", "PyImport_ImportModule", ""})
    CHECK_MESSAGE(!makes_fresh(old), old);
  CHECK_FALSE(keeps_argument("PyList_Append", 0));
  CHECK(keeps_argument("PyList_Append", 1));
  CHECK_FALSE(keeps_argument("Py_DECREF", 0));
  CHECK_FALSE(keeps_argument("PyList_Check", 0));
  CHECK_FALSE(keeps_argument("PyArg_ParseTuple", 0));
  CHECK(keeps_argument("PyObject_CallOneArg", 1));
  CHECK(keeps_argument("whatever", 0));
}

TEST_CASE("what may let another thread in: by name, by pattern, and never for the neutral ones") {
  CHECK(suspends("PyEval_SaveThread") == Suspends::detaches);
  CHECK(suspends("PyImport_ImportModule") == Suspends::detaches);
  CHECK(suspends("Py_DECREF") == Suspends::finalizers);
  CHECK(suspends("PyList_SetItem") == Suspends::finalizers);
  CHECK(suspends("PyObject_CallNoArgs") == Suspends::protocols);
  CHECK(suspends("PyObject_GetAttrString") == Suspends::protocols);
  CHECK(suspends("PyObject_Str") == Suspends::protocols);
  for (const std::string neutral :
       {"PyList_GET_SIZE", "Py_INCREF", "PyTuple_GetItem", "PyErr_Occurred", "PyMutex_Unlock"})
    CHECK_MESSAGE(suspends(neutral) == Suspends::never, neutral);
  for (const std::string quiet : {"PyList_Size", "PyList_GET_ITEM", "PyDict_Size"})
    CHECK_MESSAGE((suspends(quiet) == Suspends::never || suspends(quiet) == Suspends::unknown), quiet);
  CHECK(suspends("PyFloat_AsDouble") != Suspends::never);  // __float__
  CHECK(suspends("my_function") == Suspends::unknown);
  CHECK(suspends("memcpy") == Suspends::unknown);
  CHECK(suspends("") == Suspends::unknown);
  CHECK(suspends("py_DECREF") == Suspends::unknown);
  CHECK(suspends("XPyImport_ImportModule") == Suspends::unknown);
}

TEST_CASE("attached and detached") {
  CHECK(needs_attached("PyList_New"));
  CHECK(needs_attached("PyErr_SetString"));
  CHECK_FALSE(needs_attached("PyMem_RawMalloc"));
  CHECK_FALSE(needs_attached("PyGILState_Ensure"));
  CHECK_FALSE(needs_attached("malloc"));
  CHECK_FALSE(needs_attached("PyBytes_AS_STRING"));
  CHECK_FALSE(needs_attached("PyFrobnicator_New"));
  CHECK(needs_attached("pybind11::handle::inc_ref"));
  using Does = ThreadCall::Does;
  CHECK(thread_call("PyGILState_Ensure")->does == Does::ensure);
  CHECK(thread_call("PyEval_RestoreThread")->does == Does::attach);
  CHECK(thread_call("PyEval_SaveThread")->does == Does::detach);
  CHECK(thread_call("pybind11::gil_scoped_release::~gil_scoped_release")->does == Does::put_back);
  CHECK(thread_call("PyList_New") == nullptr);
  CHECK(starts_thread("pthread_create"));
  CHECK_FALSE(starts_thread("atexit"));
  CHECK(registers_detached("pthread_create"));
  CHECK_FALSE(registers_detached("PyCapsule_New"));
  CHECK(registers_attached("Py_AddPendingCall"));
}

TEST_CASE("memory, reference counts and what is gone") {
  CHECK(allocator("PyObject_Malloc")->domain == Domain::object);
  CHECK(allocator("PyMem_Malloc")->domain == Domain::mem);
  CHECK(allocator("PyMem_RawMalloc")->domain == Domain::raw);
  CHECK(allocator("malloc")->domain == Domain::libc);
  CHECK(allocator("Py_INCREF") == nullptr);
  CHECK(allocator("PyMem_Realloc")->allocates);
  CHECK(allocator("PyMem_Realloc")->releases);
  CHECK_FALSE(allocator("free")->allocates);
  CHECK(checks_uniqueness_safely("PyUnstable_Object_IsUniqueReferencedTemporary"));
  CHECK_FALSE(checks_uniqueness_safely("Py_REFCNT"));
  CHECK(writes_refcount("Py_SET_REFCNT"));
  CHECK_FALSE(writes_refcount("Py_INCREF"));
  CHECK(mutates_unique("_PyTuple_Resize"));
  CHECK_FALSE(mutates_unique("PyList_Append"));
  REQUIRE_FALSE(removed().empty());
  for (const Removed& row : removed()) CHECK((!row.what.empty() && !row.versions.empty()));
}

TEST_CASE("locks: which argument is the lock, which one pairs the ends") {
  using Does = LockCall::Does;
  using Kind = LockCall::Kind;
  const auto is = [](const char* name, Does does, Kind kind, int lock, int second, int token) {
    const LockCall* call = lock_call(name);
    REQUIRE_MESSAGE(call != nullptr, name);
    CAPTURE(name);
    CHECK(call->does == does);
    CHECK(call->kind == kind);
    CHECK(call->lock == lock);
    CHECK(call->second_lock == second);
    CHECK(call->token == token);
  };
  is("PyMutex_Lock", Does::acquire, Kind::py_mutex, 0, -1, -1);
  is("PyMutex_Unlock", Does::release, Kind::py_mutex, 0, -1, -1);
  is("PyCriticalSection_Begin", Does::acquire, Kind::critical_section, 1, -1, 0);
  is("PyCriticalSection2_Begin", Does::acquire, Kind::critical_section, 1, 2, 0);
  is("PyCriticalSection2_End", Does::release, Kind::critical_section, -1, -1, 0);
  is("pthread_mutex_lock", Does::acquire, Kind::native, 0, -1, -1);
  is("pthread_mutex_trylock", Does::try_acquire, Kind::native, 0, -1, -1);
  is("std::mutex::unlock", Does::release, Kind::native, 0, -1, -1);
  is("std::lock_guard::lock_guard", Does::acquire, Kind::native, 1, -1, 0);
  is("std::lock_guard::~lock_guard", Does::release, Kind::native, -1, -1, 0);
  CHECK(lock_call("PyThread_acquire_lock")->kind == Kind::os_lock);
  CHECK_FALSE(lock_call("PyThread_acquire_lock")->safe_attached);
  CHECK(lock_call("PyMutex_Lock")->safe_attached);
  CHECK(lock_call("pthread_rwlock_rdlock")->shared);
  CHECK(lock_call("PyList_Append") == nullptr);
  CHECK(lock_call("") == nullptr);
  CHECK(runs_once("std::call_once"));
  CHECK(runs_once("pthread_once"));
  CHECK_FALSE(runs_once("once"));
}

TEST_CASE("types that synchronise") {
  CHECK(is_atomic_operation("std::atomic::load"));
  CHECK_FALSE(is_atomic_operation("load"));
  CHECK(is_lock_type("PyMutex"));
  CHECK(is_lock_type("std::mutex"));
  CHECK(is_lock_type("pthread_mutex_t"));
  CHECK_FALSE(is_lock_type("PyObject"));
  CHECK(is_atomic_type("std::atomic<int>"));
  CHECK(is_atomic_type("std::atomic"));
  CHECK_FALSE(is_atomic_type("std::vector<int>"));
}

TEST_CASE("libc: what keeps its state for the whole process") {
  for (const char* hazard :
       {"strtok", "localtime", "gmtime", "asctime", "ctime", "setenv", "setlocale", "gethostbyname"}) {
    REQUIRE_MESSAGE(libc(hazard) != nullptr, hazard);
    CHECK_MESSAGE(libc(hazard)->hazard != Hazard::none, hazard);
  }
  CHECK(libc("strtok")->instead.find("strtok_r") != std::string_view::npos);
  CHECK(libc("setenv")->category == Libc::Category::environment);
  CHECK(libc("setlocale")->category == Libc::Category::locale);
  CHECK(libc("lgamma")->when == Libc::When::reads_signgam);
  for (const char* safe : {"strtok_r", "localtime_r", "memcpy", "malloc", ""})
    CHECK_MESSAGE((libc(safe) == nullptr || libc(safe)->hazard == Hazard::none), safe);
}

TEST_CASE("binding systems") {
  REQUIRE(binding_macro("PYBIND11_MODULE") != nullptr);
  CHECK(binding_macro("PYBIND11_MODULE")->system == "pybind11");
  CHECK(binding_macro("NB_MODULE")->declares == "NB_FREE_THREADED");
  CHECK(binding_macro("MY_MODULE") == nullptr);
  CHECK(binding_macro("") == nullptr);
  for (const Binding& row : bindings()) CHECK_FALSE(row.system.empty());
  CHECK(is_module_macro("Py_LIMITED_API"));
  CHECK(is_module_macro("NB_FREE_THREADED"));
  CHECK_FALSE(is_module_macro("NDEBUG"));
}

TEST_CASE("macros of the API, and the public names of its structs") {
  for (const char* macro : {"Py_CLEAR", "PyList_GET_ITEM", "Py_BEGIN_CRITICAL_SECTION", "Py_BEGIN_ALLOW_THREADS",
                            "Py_RETURN_NONE", "PyMutex_Lock"})
    CHECK_MESSAGE(is_api_macro(macro), macro);
  for (const char* own : {"MY_CLEAR", "assert", "NULL", ""}) CHECK_MESSAGE(!is_api_macro(own), own);
  CHECK(is_expression_macro("PyList_GET_ITEM"));
  CHECK_FALSE(is_expression_macro("Py_CLEAR"));
  CHECK(public_record("_object") == "PyObject");
  CHECK(public_record("_typeobject") == "PyTypeObject");
  CHECK(public_record("Mine") == "Mine");
}

TEST_CASE("slots and what they mean for who runs beside whom") {
  CHECK(role_of_slot("tp_init") == Role::init_slot);
  CHECK(role_of_slot("tp_new") == Role::new_slot);
  CHECK(role_of_slot("tp_dealloc") == Role::dealloc);
  CHECK(role_of_slot("tp_traverse") == Role::traverse);
  CHECK(role_of_slot("tp_clear") == Role::clear);
  CHECK(role_of_slot("tp_finalize") == Role::finalize);
  CHECK(role_of_slot("tp_iternext") == Role::slot);
  CHECK(role_of_slot("nb_add") == Role::slot);
  CHECK(slot_name(52) == "tp_dealloc");
}
