// What CPython and libc promise of each name, as questions: does this call lend a reference, may it run Python code,
// is it a lock, is its memory an object's. A table of facts, not of opinions; rules decide what follows.
// Names are those of functions and macros as written ("PyList_GET_ITEM", "std::mutex::lock"). Used by frontend,
// analysis and rules. Facts: CPython 3.13 to 3.15 C API reference and headers, PEP 703, Linux man-pages 6.20.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::capi {

enum class Hazard : std::uint8_t { none, low, medium, high };

// A call or macro that returns a borrowed reference.
struct Borrowed {
  std::string_view name;
  std::string_view container;  // whose reference is borrowed: "list", "dict", "tuple", "weakref", "sys", ...
  bool is_macro;
  std::string_view replacement;  // returns a strong reference; "" if there is none
  std::string_view since;        // Python version of the replacement
  bool in_compat;                // pythoncapi-compat has it for older versions
  Hazard hazard;                 // none: fine as long as the container lives
};
const Borrowed* borrowed_return(std::string_view name);

// Arguments (from 0) through which a call hands out something. -1 as last: and all after.
struct OutParameters {
  std::string_view name;
  std::vector<int> arguments;
  std::string_view container;
  Hazard hazard;
  bool has(int argument) const;
};
// Of references of their own: PyDict_GetItemRef.
const OutParameters* strong_out(std::string_view name);

// A field, macro or function that reaches into a container without its lock.
struct Internal {
  std::string_view record, field;  // of a field
  std::string_view name;           // of a macro or function
  Hazard hazard;
  bool writing_only;         // reading is always fine
  std::string_view instead;  // "" where nothing is better than a critical section, or another function of the C API
};
const Internal* internal_field(std::string_view record, std::string_view field);
const Internal* internal_call(std::string_view name);

// Returns an object that nobody else has: PyDict_New, PyDict_Copy, PySequence_Tuple, tp_alloc. Conversions that hand an
// exact argument back (PySequence_Tuple) count only for their containers: a tuple cannot change.
bool makes_fresh(std::string_view name);
// Hands out an object that its first argument holds (an item, an attribute): whoever can reach that one can reach this.
bool hands_out_held(std::string_view name);
// C++ bindings: a handle made around a borrowed pointer (constructor: the object made first, the pointer second), and
// the pointer taken out of a handle.
bool wraps(std::string_view name);
bool unwraps(std::string_view name);
// A container object of a binding whose constructor without arguments makes a new one ("pybind11::dict").
bool is_wrapped_container(std::string_view record);
// Can take an item out of the container that is its first argument, or put another in its place.
bool drops_items(std::string_view name);
// Puts its first argument, a pointer, into an object that can go anywhere.
bool makes_capsule(std::string_view name);
// Empties the container that is its first argument; puts a key into it, which is its second argument, looks for one,
// takes one out.
bool empties(std::string_view name);
bool puts_key(std::string_view name);
bool looks_for_key(std::string_view name);
bool removes_key(std::string_view name);
// A value that no other running thread gets.
bool identifies_thread(std::string_view name);
// Takes an object without keeping it: PyList_Append's list, size and type checks, Py_DECREF.
bool keeps_argument(std::string_view name, int argument);

// Why a call may let another thread in, or this one leave: suspends critical sections, kills borrowed references.
enum class Suspends : std::uint8_t {
  never,
  unknown,
  finalizers,
  protocols,
  conversions,
  keyed_containers,
  errors,
  types_and_modules,
  detaches
};
// `unknown` for names that neither list has (project functions, third-party libraries).
Suspends suspends(std::string_view name);
// C API, or an object of a C++ binding, that must not be touched detached. Looking at what cannot change is not
// counted.
bool needs_attached(std::string_view name);
// What a call does to the calling thread's state. `put_back` ends the last detach or ensure and brings back what was
// before.
struct ThreadCall {
  enum class Does : std::uint8_t { detach, attach, ensure, put_back, swap };
  std::string_view name;
  Does does;
};
const ThreadCall* thread_call(std::string_view name);
// A call that waits for time, another thread, or the network. `timeout` and `flags` are the arguments that may say not
// to wait (0, or the bits of `no_wait`); `unbounded`: it may wait for ever.
struct Blocking {
  std::string_view name;
  int timeout = -1;
  int flags = -1;
  std::int64_t no_wait = 0;
  bool pointer_timeout = false;
  bool unbounded = true;
  bool for_thread = false;  // until a thread of the project's own is done
};
const Blocking* blocking(std::string_view name);
// Spelling of a type: a guard that changes the thread state, perhaps inside an optional or a smart pointer; the
// argument of a registration that has the function called detached.
bool is_thread_guard(std::string_view type);
bool is_releasing_call_guard(std::string_view type);
// Registers a function that CPython calls attached / that runs on a thread of its own or detached.
bool registers_attached(std::string_view name);
bool registers_detached(std::string_view name);
bool starts_thread(std::string_view name);  // of these, the ones whose function runs on a new thread

// What one allocator made only its own functions may take back.
enum class Domain : std::uint8_t { none, object, gc_object, mem, raw, libc, cxx };
struct Allocator {
  std::string_view name;
  Domain domain;
  bool allocates, releases;  // a call that resizes does both
  bool zeroes = false;       // the new block
};
const Allocator* allocator(std::string_view name);
bool allocates(std::string_view name);  // a new block, not one made larger
bool resizes(std::string_view name);    // a block, which may be elsewhere afterwards
bool frees(std::string_view name);      // the block it is given is not to be used any more
// A new block in which is what was in that memory before.
bool leaves_memory(std::string_view name);
// What takes back, and what resizes, a block of the domain; "" where there is none.
std::string_view releaser(Domain domain);
std::string_view resizer(Domain domain);
// Makes an object, of whose memory only the header is set: PyObject_New. One that zeroes it: PyType_GenericAlloc. One
// of a block that it is given: PyObject_Init.
bool makes_object(std::string_view name);
bool makes_zeroed_object(std::string_view name);
bool initialises_object(std::string_view name);
// Calls the function it is given before it returns, on the thread and under the locks of its caller: qsort, std::sort.
bool calls_at_once(std::string_view name);
bool checks_uniqueness_safely(std::string_view name);
bool writes_refcount(std::string_view name);

// A lock operation. `lock`, `token`: which argument names the lock, and which one pairs acquire with release (-1:
// none).
struct LockCall {
  enum class Does : std::uint8_t { acquire, release, try_acquire };
  enum class Kind : std::uint8_t { critical_section, py_mutex, native, os_lock, file };
  // What a function that may fail returns when it has the lock; 0 when it has not, or, of several, any other number.
  enum class Taken : std::uint8_t { nonzero, zero, one, one_of_several };
  std::string_view name;
  Does does;
  Kind kind;
  int lock, second_lock, token;
  bool shared;         // a reader's lock
  bool safe_attached;  // waiting for it lets go of the thread state
  Taken taken_when = Taken::nonzero;
  int waits = -1;  // the argument that says whether to wait; 0 does not
};
// Those of the tables, and a project's own: functions that lock or unlock in a way the source does not show. Whoever
// reads code is given them.
class LockCalls {
 public:
  // A name that stands in the tables already is replaced.
  void add(std::string name, LockCall call);
  // Lives as long as this.
  const LockCall* find(std::string_view name) const;

 private:
  std::map<std::string, LockCall, std::less<>> own_;  // their `name` is the key, and is not set
};
// A thread that reads already may take the lock for reading once more: POSIX says so of its own, the C++ library and
// most others forbid it.
bool readers_nest(std::string_view name);
bool never_returns(std::string_view name);
bool runs_once(std::string_view name);  // call_once, pthread_once
bool is_atomic_operation(std::string_view name);
bool is_lock_type(std::string_view record);  // mutexes, condition variables, once flags: never shared state themselves
bool is_atomic_type(std::string_view record);

// What the memory that a pointer argument leads to goes through: memset writes argument 0, memcpy reads argument 1,
// fwrite only reads. Both are false for functions that the tables do not have, libc's and the C API's being most of
// what they have.
bool writes_through(std::string_view name, int argument);
bool sets_bytes(std::string_view name);  // all to its second argument: memset
// The handle or context of a C library that argument `argument` leads to is changed: inflate(0), EVP_DigestUpdate(0).
bool library_changes(std::string_view name, int argument);
bool reads_through(std::string_view name, int argument);
// A container, string or smart pointer of the C++ library (or one made after them): shared by threads, it wants a lock.
bool is_cxx_container(std::string_view record);
// A member function of one that leaves its object as it is, const or not: std::vector::begin, but not
// std::map::operator[].
bool only_looks(std::string_view method);
// A member function that gives a reference or a pointer to something the container holds: std::vector::at.
bool yields_element(std::string_view method);
// What such a record holds lies in itself, as with an array: std::array, std::optional.
bool holds_inline(std::string_view record);

// It only shows memory that somebody else has, as a pointer does: std::string_view, std::span.
bool views_memory(std::string_view record);
// Elements stay where they are until they are taken out: std::map, std::list.
bool keeps_elements_in_place(std::string_view record);
// A member that takes elements out of such a container: std::map::erase.
bool takes_out_elements(std::string_view method);

// A member or function of a library that throws as a matter of course: an index that is out of range, text that is no
// number, an error of Python's.
bool throws_by_design(std::string_view name);

struct Libc {
  enum class Category : std::uint8_t { buffer, random, environment, locale, process };
  enum class When : std::uint8_t { always, null_argument, shared_stream, reads_signgam };
  std::string_view name, glibc, instead;
  Category category;
  Hazard hazard;  // none: glibc documents it as safe
  When when;
};
const Libc* libc(std::string_view name);

// How a binding system makes a module and says that it does without the GIL.
struct Binding {
  std::string_view system;    // "pybind11"
  std::string_view macro;     // expands to the init function; "" if none does
  std::string_view declares;  // text in the macro's arguments, or macro whose definition declares
  std::string_view instead;   // what to write
};
const Binding* binding_macro(std::string_view macro);
const std::vector<Binding>& bindings();
bool is_binding_scope(std::string_view name);  // a function of pybind11, nanobind or Boost.Python
// Macros worth a fact wherever they are defined or expanded.
bool is_module_macro(std::string_view name);

// Macros that stand for a C API operation: provenance stops at the outermost of them.
bool is_api_macro(std::string_view name);
// Macros that say what must hold, and that builds of extensions leave out.
bool is_assertion(std::string_view macro);
// API macros that expand to an expression, not to a call: written down as a call of the macro.
bool is_expression_macro(std::string_view name);

// The public name of a struct tag of CPython's headers: "_object" is PyObject. Other tags come back as they are.
std::string_view public_record(std::string_view tag);

// What the slot of a CPython table means for who can run at the same time.
enum class Role : std::uint8_t {
  method,
  getter,
  setter,
  slot,
  init_slot,
  new_slot,
  alloc,
  dealloc,
  traverse,
  clear,
  finalize,
  module_init,
  module_exec,
  module_create,
  module_free,
  callback,
  detached,
};
// `record` "PyTypeObject" field "tp_init", or "PyType_Slot" name "Py_tp_init".
Role role_of_slot(std::string_view field);
// What a function is that is given to this call: what PYBIND11_MODULE expands to and the set-up of a class, which gets
// the type before anybody else has it, run as Py_mod_exec does; all others are called back whenever the callee likes.
Role role_of_callback(std::string_view callee);
// Number of a Py_tp_* slot id to its field name ("tp_dealloc"); "" if unknown.
std::string_view slot_name(int id);

}  // namespace ftaudit::capi
