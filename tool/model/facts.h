// The facts: an extension written down once by the frontend, as plain data that nobody needs a compiler to read.
// A function is made of blocks, a block of events (call, read, write, compare, acquire, release, leave) over places
// (access paths such as self->items[_]). Not a judgement: contexts, locks held, ownership are what analyses conclude.
// Written by frontend, joined by model/join, read by analysis, printed by model/print, kept by model/archive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace ftaudit::model {

// Numbers that mean something only inside the Facts they stand in; join renumbers them by their type.
using FileId = Id<struct FileTag>;          // index into Facts::files
using GlobalId = Id<struct GlobalTag>;      // index into Facts::globals
using FunctionId = Id<struct FunctionTag>;  // index into Facts::functions
using EventId = Id<struct EventTag>;        // index into Function::events
using ftaudit::none;

// Names one function across files: the (mangled) name of an external one; "path|name" of an internal one.
struct FunctionKey {
  std::string text;
  bool operator==(const FunctionKey&) const = default;
};

// A range of source text, in the file where a person sees it (macros: where the outermost one is written).
struct Span {
  FileId file;
  std::uint32_t line = 0, column = 0;          // from 1; 0: unknown
  std::uint32_t end_line = 0, end_column = 0;  // end_column is one past the last character
};

struct Type {
  enum class Kind : std::uint8_t { other, scalar, pointer, reference, record, array, function };
  Kind kind = Kind::other;
  std::string spelling;           // as written: "PyObject *"
  std::string record;             // name of the record it is, or (through pointers, arrays, references) leads to
  std::uint8_t indirections = 0;  // pointers between it and that record or scalar
  bool is_const = false;          // the thing itself cannot be written
  bool pointee_const = false;
  bool is_atomic = false;  // _Atomic, std::atomic
  bool is_volatile = false;
  bool to_object = false;  // pointer to PyObject, or to a record that begins with one
  bool to_function = false;
};

enum class Storage : std::uint8_t { parameter, local, captured, static_local, global };

struct Variable {
  std::string name;
  Type type;
  Span span;
  Storage storage = Storage::local;
  bool by_reference = false;  // a reference, or captured by reference
};

struct Global {
  std::string key;   // as FunctionKey, for variables
  std::string name;  // "cache", "ns::cache", for static locals "cache"
  Type type;
  Span span;
  Storage storage = Storage::global;  // global or static_local
  FunctionKey owner;                  // of a static local
  bool is_thread_local = false;
  bool is_external = false;          // visible to other translation units
  bool is_defined = false;           // not only declared
  bool runtime_initialised = false;  // the initialiser runs code (C++)
};

struct Field {
  std::string name;
  Type type;
  Span span;
  bool bit_field = false;
  bool confined = false;     // whoever runs the code keeps threads apart here: one at a time gets at it
  std::uint64_t offset = 0;  // bytes from the start of the record; 0 also where the layout is not known
};

struct Record {
  std::string
      name;  // of a struct without a name: "outer::field" by the field it is the type of, or "struct@line:column"
  Span span;
  std::vector<Field> fields;  // those of anonymous structs and unions in it among them
  std::vector<std::string> bases;
  bool is_object = false;  // begins with PyObject_HEAD or PyObject_VAR_HEAD
  bool is_union = false;
};

// Through a pointer or a reference; into a field; into an array. `self->buf[i]` of an array lies in self: deref, field,
// index; of a pointer elsewhere: deref, field, deref, index.
struct Step {
  enum class Kind : std::uint8_t { deref, field, index };
  Kind kind = Kind::deref;
  std::string field;   // of a field step; of an index step: "2", "v7" (what local 7 holds), "" for any
  std::string record;  // the record it is a field of
  bool operator==(const Step&) const = default;
};

// An access path. Lives in its function's table; equal paths share one entry.
struct Place {
  enum class Root : std::uint8_t { unknown, variable, global, call };
  Root root = Root::unknown;
  std::uint32_t variable = none;  // index into Function::variables
  GlobalId global = none;
  EventId call = none;  // the event whose result it starts from
  std::vector<Step> steps;
  Type type;
};

// What flows into an event.
struct Operand {
  enum class Kind : std::uint8_t {
    unknown,   // text: what is known of it: the type of an object made without arguments, the source of a table's cell
    number,    // number; text: what it measures, "sizeof Counter" or "offsetof Counter.weak"
    null,      // NULL, nullptr, 0 as a pointer
    text,      // string literal: text
    place,     // the value held in place
    address,   // the address of place
    call,      // the result of event `event`
    function,  // function `function`; where a lambda is made, parts are what it captures
    global,    // address of `global` (only in tables)
    parts,     // computed from parts: arithmetic, a conditional, an initialiser list; text: "&" of bits that are masked
    choice,    // one of parts
  };
  Kind kind = Kind::unknown;
  std::int64_t number = 0;
  std::string text;
  std::uint32_t place = none;  // index into Function::places
  EventId event = none;
  GlobalId global = none;
  FunctionKey function;
  std::vector<Operand> parts;

  // "Counter.weak" where the number is the offset of that field, as the text says; "" for all others.
  std::string_view offset_of() const {
    constexpr std::string_view measured = "offsetof ";
    return text.starts_with(measured) ? std::string_view(text).substr(measured.size()) : std::string_view();
  }
};

// The outermost API macro something came out of (not a macro of the project), with its arguments as written.
struct MacroUse {
  std::string name;
  std::vector<std::string> arguments;
  Span span;
};

enum class Order : std::uint8_t { none, relaxed, acquire, release, acq_rel, seq_cst };

struct Event {
  enum class Kind : std::uint8_t { call, acquire, release, read, write, compare, leave };
  enum class Operator : std::uint8_t {
    none,
    assign,
    initialise,
    update,            // write: plain, at its declaration, x op= v and ++
    exchange,          // atomic write of the value that gives back the old one
    compare_exchange,  // ... if the old one is what the second operand says
    equal,
    unequal,
    less,
    greater,
    truth,  // compare (less and greater: with or without equality)
  };
  Kind kind = Kind::call;
  Operator op = Operator::none;
  Order order = Order::none;    // of an atomic access
  Order failure = Order::none;  // compare_exchange: of the read, when another value was there
  bool atomic = false;          // read or write: through an atomic type or builtin
  bool implicit = false;        // nobody wrote it: destructor, conversion
  bool is_virtual = false;      // call through a vtable
  bool result_unused = false;   // call whose value is dropped
  bool parallel = false;        // in a region that several native threads run at the same time (OpenMP)
  bool once = false;  // part of the initialiser of a static local that runs code: one thread, the first time only
  Span span;
  std::uint32_t macro = none;  // index into Function::macros: it came out of that API macro
  std::uint32_t body = none;   // index into Function::bodies: where the definition of a macro of the project says it
  std::string callee;  // call, acquire, release: name without template arguments ("std::mutex::lock"); "" if indirect
  FunctionKey callee_key;  // where the callee may be a function of the project
  std::string instance;  // callee of a library's class template, or a function template: the record that its first type
                         // argument is ("Counter" of pybind11::class_<Counter>)
  Operand target;        // indirect call: the function pointer; call of a lambda made here: the lambda
  std::vector<Operand> operands;  // call: arguments, the object of a method first (not of a lambda); write: the value;
                                  // compare: both sides; leave: the value
  std::uint32_t const_operands =
      0;  // call: bit i: operand i goes through a pointer or reference to const, or is the object of a const method
  std::uint32_t place = none;  // read, write: index into Function::places

  // A write after which the place need not hold operands[0].
  bool is_update() const { return op == Operator::update || op == Operator::compare_exchange; }
  // The callee can only read what operand `i` leads to, by its type.
  bool is_const_operand(std::size_t i) const { return i < 32 && (const_operands >> i & 1) != 0; }
};

// Statements in a form that an edit can change without knowing more than is written here. None of them is of C++ where
// an exception could leave it, and none has a preprocessor's line in it.
struct Shape {
  enum class Kind : std::uint8_t {
    walk,      // a loop as long as `call` gives something, straight in a block; nothing jumps into it or out
    fetch,     // `variable = call;`, and when that is not NULL, next of all `taken`: a Py_INCREF or Py_XINCREF of the
               // variable
    creation,  // `variable = PyModule_Create(...);`, alone, or in an `if` that leaves when it is NULL; or `return
               // PyModule_Create(...);`
  };
  Kind kind = Kind::walk;
  Span span;              // with the semicolon or brace that ends it
  Span call;              // as its event has it
  std::string variable;   // fetch: a local PyObject *; creation: what holds the module, "" where it is returned at once
  bool declares = false;  // fetch: `PyObject *variable = call;`
  std::vector<std::string> arguments;  // of the call, as written, each on one line
  Span taken;                          // fetch
  std::string taken_text;
  bool tested = false;  // creation: behind `span` the module is not NULL
};

struct Block {
  EventId first, last;                    // its events: [first, last)
  std::vector<std::uint32_t> successors;  // blocks; with a condition: [if true, if false]
  EventId condition = none;               // the compare event that decides
  bool unwinds = false;  // where an exception comes to: what it destroys on its way, then the handlers. The block that
                         // leads here ends before the call that throws, whose lock operations are not among them

  Ids<EventId> events() const { return {first, last}; }
};

struct Function {
  FunctionKey key;
  std::string name;  // "Counter::incr"
  Span span;         // whole definition
  Span name_span;
  Type result;
  std::uint32_t parameters = 0;  // the first variables; for methods `this` comes first
  bool has_this = false;
  bool is_external = false;
  bool is_lambda = false;
  bool is_constructor = false;
  bool is_destructor = false;
  bool is_instance = false;     // of a template
  bool is_implicit = false;     // a destructor nobody wrote, that releases members
  bool is_initialiser = false;  // nobody's: the initialiser of a variable of namespace scope that runs code at load
  bool is_support = false;      // a generator's own code (Cython's, SWIG's): its authors answer for it
  bool body_known = true;       // false: uninstantiated template, or a body Clang could not make a graph of
  FunctionKey parent;           // of a lambda or local class: the function around it
  std::vector<FunctionKey> overrides;  // virtual methods of the project that it overrides, all the way up
  bool overrides_library = false;      // ... and one of a class outside the project, which may call it
  std::vector<Variable> variables;     // parameters first, then what a lambda captures, in order
  std::vector<Place> places;
  std::vector<MacroUse> macros;
  std::vector<Span> bodies;
  Per<EventId, Event> events;
  std::vector<Shape> shapes;
  std::vector<Block> blocks;  // blocks[0] is the entry; the order is reverse post-order
};

// A static table with functions in it: PyMethodDef[], PyTypeObject, PyModuleDef, PyType_Slot[], or the project's own.
struct Cell {
  std::string field;
  Operand value;  // place-free: number, null, text, function, global, parts
  Span span;
};
struct Row {
  std::vector<Cell> cells;
  Span span;  // with its braces; unknown where a macro wrote them
  // What the cell of that field holds; null where there is none.
  const Operand* value(std::string_view field) const {
    for (const Cell& cell : cells)
      if (cell.field == field) return &cell.value;
    return nullptr;
  }
};
struct Table {
  GlobalId variable;
  std::string record;  // of each row
  bool is_array = false;
  std::vector<Row> rows;
};

// A macro of interest that was expanded at file scope or defined: bindings, Py_LIMITED_API, SWIGPYTHON_NOGIL.
struct MacroFact {
  std::string name;
  std::vector<std::string> arguments;  // of an expansion; for a definition: its value as one text
  Span span;
  bool definition = false;
  bool on_command_line = false;
};

// Lines compiled under a condition that names Py_GIL_DISABLED or PY_VERSION_HEX.
struct Region {
  FileId file;
  std::uint32_t first_line = 0, last_line = 0;
  std::string condition;  // "defined(Py_GIL_DISABLED)"
  bool taken = true;      // part of the free-threaded program
};

// A comment that allows findings.
struct Allowance {
  Span span;
  std::string text;             // the comment, without its marks
  bool alone = false;           // no code on its lines
  std::uint32_t next_line = 0;  // the first line of code that follows it without a blank line between; 0: none does
};

// A comment that speaks of the GIL as of a lock: "protected by the GIL".
struct Remark {
  Span span;
  std::string text;  // the comment, without its marks, as one line
};

// A member that the headers of free-threaded builds do not have: the line does not compile there.
struct Absence {
  Span span;
  std::string name;  // "ob_refcnt"
};

// An assertion that a lock is held. Builds of extensions leave assertions out: it is a promise of the callers, not
// code.
struct Demand {
  Span span;
  std::string text;  // what is asserted, as written
};

struct Omission {
  FileId file;
  std::string reason;  // "missing header SDL.h", "body of f could not be understood"
};

// What a file of the project was when it was read. Only of files that hold something an edit can change.
struct Source {
  FileId file;
  std::string sha256;
};

// One translation unit, or (after join) the whole extension.
struct Unit {
  FileId file;
  std::string language;      // "c", "c++"
  bool parsed = false;       // Clang went through it
  std::uint32_t errors = 0;  // errors Clang reported
  std::vector<std::string> missing_headers;
  std::string first_error;  // "file:line: message"
  std::string generator;    // "cython 3.0.11", "swig", ...; "" if written by hand
  bool defines_gil_disabled = true;
  std::vector<FunctionKey> functions;  // definitions in project files, once each
};

struct Facts {
  Per<FileId, std::string> files;  // shown paths
  std::vector<Unit> units;
  Per<FunctionId, Function> functions;
  Per<GlobalId, Global> globals;
  std::vector<Record> records;
  std::vector<Table> tables;
  std::vector<MacroFact> macros;
  std::vector<Region> regions;
  std::vector<Allowance> allowances;
  std::vector<Omission> omissions;
  std::vector<Absence> absences;
  std::vector<Remark> remarks;
  std::vector<Demand> demands;
  std::vector<Source> sources;
};

}  // namespace ftaudit::model
