// What is promised of names that everybody uses: one or more for every question.
#include <doctest/doctest.h>

#include <string>

#include "capi/arguments.h"
#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/collector.h"
#include "capi/module_calls.h"
#include "capi/python_runs.h"
#include "capi/records.h"
#include "capi/references.h"
#include "capi/releases.h"
#include "capi/slots.h"
#include "capi/thread_states.h"
#include "capi/types.h"

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
  for (const char* strong : {"PyList_GetItemRef", "PyDict_GetItemRef", "PyObject_GetAttr", "PySequence_GetItem",
                             "PyObject_GetItem", "", "my_getter"})
    CHECK_MESSAGE(borrowed_return(strong) == nullptr, strong);
}

TEST_CASE("arguments that hand out references of their own") {
  CHECK(strong_out("PyDict_GetItemRef")->has(2));
  CHECK(strong_out("PyDict_Next") == nullptr);
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

TEST_CASE("memory and reference counts") {
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
}

TEST_CASE("locks: which argument is the lock, which one pairs the ends") {
  using Does = LockCall::Does;
  using Kind = LockCall::Kind;
  const auto is = [](const char* name, Does does, Kind kind, int lock, int second, int token) {
    const LockCall* call = LockCalls().find(name);
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
  CHECK(LockCalls().find("PyThread_acquire_lock")->kind == Kind::os_lock);
  CHECK_FALSE(LockCalls().find("PyThread_acquire_lock")->safe_attached);
  CHECK(LockCalls().find("PyMutex_Lock")->safe_attached);
  CHECK(LockCalls().find("pthread_rwlock_rdlock")->shared);
  CHECK(LockCalls().find("PyList_Append") == nullptr);
  CHECK(LockCalls().find("") == nullptr);
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

TEST_CASE("what becomes of references") {
  CHECK(counting("Py_INCREF") == Counting::takes);
  CHECK(counting("Py_XNewRef") == Counting::hands_back);
  CHECK(counting("PyTuple_Pack") == Counting::in_result);
  CHECK(counting("Py_DecRef") == Counting::drops);
  CHECK(counting("Py_CLEAR") == Counting::clears);
  CHECK(counting("Py_XSETREF") == Counting::replaces);
  CHECK(counting("PyList_Append") == Counting::none);
  CHECK(counting("") == Counting::none);
  CHECK(may_hand_back("Py_NewRef"));
  CHECK(may_hand_back("PySequence_Fast"));
  CHECK_FALSE(may_hand_back("Py_INCREF"));
  CHECK_FALSE(may_hand_back("PySequence_List"));
  CHECK(compares_identity("Py_IsNone"));
  CHECK_FALSE(compares_identity("PyObject_IsTrue"));
}

TEST_CASE("structs and types by what they are") {
  CHECK(record_named("PyMethodDef") == Record::method_def);
  CHECK(record_named("PyBufferProcs") == Record::slot_group);
  CHECK(record_named("_ts") == record_named("PyThreadState"));
  CHECK(record_named("Bag") == Record::other);
  CHECK(record_named("") == Record::other);
  CHECK(is_immutable_type("PyLong_Type"));
  CHECK_FALSE(is_immutable_type("PyList_Type"));
  CHECK_FALSE(is_immutable_type("PyTuple"));
  CHECK(checks_immutable("PyFrozenSet_CheckExact"));
  CHECK_FALSE(checks_immutable("PyLong_Check"));  // a type made of int may have fields
  CHECK_FALSE(checks_immutable("PyList_Check"));
  CHECK_FALSE(checks_immutable("PyTuple_Checked"));
  CHECK(is_public_name("PyList_New"));
  CHECK_FALSE(is_public_name("_PyList_New"));
  CHECK(is_api_name("_PyList_New"));
  CHECK_FALSE(is_api_name("list_new"));
}

TEST_CASE("how surely Python code runs") {
  CHECK(chance_of_python("PyBuffer_Release") == Chance::surely);
  CHECK(chance_of_python("PyErr_Clear") == Chance::hardly);
  CHECK(chance_of_python("PyErr_WarnEx") == Chance::usually);
  CHECK(chance_of_python("Py_BuildValue") == Chance::hardly);
  CHECK(chance_of_python("PyImport_AddModuleRef") == Chance::hardly);
  CHECK(chance_of_python("PyImport_ImportModule") == Chance::usually);
  CHECK(chance_of_python("PyObject_Str") == Chance::usually);
  CHECK(makes_plain_value("PyUnicode_FromString"));
  CHECK_FALSE(makes_plain_value("PyObject_Str"));
  CHECK(gives_anything("PyObject_CallNoArgs"));
  CHECK_FALSE(gives_anything("PyList_GetItemRef"));
  CHECK(answers_null("PyErr_SetString"));
  CHECK_FALSE(answers_null("PyErr_Occurred"));
  CHECK_FALSE(answers_null("PyErr_NewException"));
}

TEST_CASE("changes inside objects") {
  CHECK(walks("PyDict_Next"));
  CHECK_FALSE(walks("PyDict_Items"));
  CHECK(writes_dict("PyDict_SetDefaultRef"));
  CHECK_FALSE(writes_dict("PyDict_GetItemRef"));
  CHECK(taken_in("PyList_Append") == 1);
  CHECK(taken_in("PyDict_SetItemString") == 2);
  CHECK(taken_in("PyList_GetItem") == -1);
  CHECK(edits_immutable("_PyBytes_Resize") == Edit::resizes);
  CHECK(edits_immutable("PyTuple_SET_ITEM") == Edit::writes);
  CHECK(edits_immutable("PyList_SET_ITEM") == Edit::none);
  CHECK(memory_given("PyByteArray_AsString") == Memory::bytearray);
  CHECK(memory_given("PyBytes_AS_STRING") == Memory::immutable);
  CHECK(memory_given("PyList_GET_ITEM") == Memory::none);
  for (const Reliance& row : reliances()) CHECK((!row.check.empty() && !row.act.empty() && !row.instead.empty()));
}

TEST_CASE("modules, their names and their calls") {
  CHECK(initialised_module("PyInit_spam") == "spam");
  CHECK(initialised_module(init_function("spam")) == "spam");
  CHECK_FALSE(initialised_module("PyModExport_spam"));
  CHECK(exported_module("PyModExport_spam") == "spam");
  CHECK(module_call("PyModuleDef_Init") == ModuleCall::defines);
  CHECK(module_call("PyModule_Create2") == ModuleCall::creates);
  CHECK(module_call("PyModule_AddObject") == ModuleCall::none);
  CHECK(makes_module("PyModule_NewObject"));
  CHECK(gives_module_state("PyType_GetModuleState"));
  CHECK(names_free_threading("defined(Py_GIL_DISABLED) && 1"));
  CHECK_FALSE(names_free_threading("Py_DEBUG"));
}

TEST_CASE("types, the collector, thread states, arguments") {
  CHECK(readies_type("PyType_Ready") == Readies::under_lock);
  CHECK(readies_type("PyStructSequence_InitType2") == Readies::unlocked);
  CHECK(readies_type("PyType_FromSpec") == Readies::none);
  CHECK(makes_type("PyType_FromModuleAndSpec"));
  CHECK(allowed_in_traverse("Py_VISIT"));
  CHECK(allowed_in_traverse("PyType_GetModule_DuringGC"));
  CHECK_FALSE(allowed_in_traverse("PyObject_Call"));
  CHECK(gives_own_state("_PyThreadState_UncheckedGet"));
  CHECK_FALSE(gives_own_state("PyThreadState_Next"));
  CHECK(walks_states("PyInterpreterState_ThreadHead") == StateWalk::begins);
  CHECK(walks_states("PyThreadState_Next") == StateWalk::goes_on);
  REQUIRE(argument_parse("PyArg_ParseTupleAndKeywords") != nullptr);
  CHECK(argument_parse("PyArg_ParseTupleAndKeywords")->format == 2);
  CHECK(argument_parse("PyArg_UnpackTuple") == nullptr);
  CHECK(parses_arguments("PyArg_UnpackTuple"));
  CHECK(demanded_type('S') == "PyBytes_Type");
  CHECK(demanded_type('O').empty());
}

TEST_CASE("what is newer than the oldest free-threaded release") {
  CHECK(came_with("PyMutex_IsLocked") == 14);
  CHECK(came_with("PyUnicodeWriter_Create") == 14);
  CHECK(came_with("Py_mod_abi") == 15);
  CHECK(came_with("PyMutex_Lock") == 0);
  CHECK(came_with("PyUnstable_Module_SetGIL") == 0);
}

TEST_CASE("slots by what they are for") {
  CHECK(slot_use("ml_meth") == SlotUse::method);
  CHECK(slot_use("tp_init") == SlotUse::call);
  CHECK(slot_use("am_anext") == SlotUse::next);
  CHECK(slot_use("tp_setattro") == SlotUse::attribute);
  CHECK(slot_use("m_free") == SlotUse::module);
  CHECK(slot_use("tp_repr") == SlotUse::other);
  CHECK(slot_use("exported") == SlotUse::other);
}

TEST_CASE("blocks: new, zeroed, larger") {
  CHECK(leaves_memory("malloc"));
  CHECK(leaves_memory("PyObject_GC_New"));
  for (const char* other : {"calloc", "PyMem_Calloc", "operator new", "realloc", "free", "PyType_GenericAlloc", ""})
    CHECK_MESSAGE(!leaves_memory(other), other);
  CHECK(resizes("PyMem_Realloc"));
  CHECK_FALSE(resizes("malloc"));
  CHECK(releaser(Domain::mem) == "PyMem_Free");
  CHECK(resizer(Domain::gc_object).empty());
  CHECK(makes_object("PyObject_New"));
  CHECK_FALSE(makes_object("PyObject_Malloc"));
}

TEST_CASE("locks of a project's own come before those of the tables, and are nobody else's") {
  LockCalls own;
  const LockCall taken{.name = {},
                       .does = LockCall::Does::acquire,
                       .kind = LockCall::Kind::native,
                       .lock = 1,
                       .second_lock = -1,
                       .token = -1,
                       .shared = false,
                       .safe_attached = true};
  own.add("spin_take", taken);
  own.add("PyMutex_Lock", taken);
  REQUIRE(own.find("spin_take") != nullptr);
  CHECK(own.find("spin_take")->lock == 1);
  CHECK(own.find("PyMutex_Lock")->lock == 1);
  CHECK(LockCalls().find("PyMutex_Lock")->lock == 0);
  CHECK(LockCalls().find("spin_take") == nullptr);
  const LockCalls copy = own;
  CHECK(copy.find("spin_take")->does == LockCall::Does::acquire);
}
