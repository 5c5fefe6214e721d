// View: what one way into a function gives it: whom its arguments belong to, what paths start from, which locks the
// caller holds. Plain data, as Views makes it. Origin: who else can hold an object, as Ownership and Views find it.
// Source of the kinds of entry: C API reference, typeobj and structures; PEP 703.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/path.h"
#include "analysis/worlds.h"

namespace ftaudit::analysis {

struct Origin {
  enum class Kind : std::uint8_t {
    none,       // NULL, or nothing reaches here
    fresh,      // made here (or by a project function that makes one), and not given away before
    argument,   // the positional tuple or keyword dict that the interpreter made for this call
    immutable,  // a tuple: nobody can change what it holds
    exclusive,  // hangs off an object that is being made or taken down
    shared,     // may be in anybody's hands
  };
  Kind kind = Kind::none;
  bool certain = false;      // shared for sure: handed in by Python, a field of a shared object, a global
  bool from_python = false;  // handed in by the caller: not behind any lock of the project's
  bool is_private() const { return kind != Kind::shared; }
};

// The one that promises less. One way here with an object that is surely shared is enough for a hazard.
inline Origin worse(Origin a, Origin b) {
  if (a.kind == b.kind) return {a.kind, a.certain || b.certain, a.from_python || b.from_python};
  return a.kind > b.kind ? a : b;
}

using ViewId = Id<struct ViewTag>;

// What kind of entry leads here: what that one promises about who else is there at the same time.
enum class Arrival : std::uint8_t {
  python,    // methods, getters, slots: everybody, the same function on the same object too
  init,      // __init__: the object may be in use already
  make,      // __new__: the object is not
  next,      // __next__
  buffer,    // getbuffer and releasebuffer
  thread,    // a thread of the project's own
  callback,  // registered with somebody, who calls it when they like
  exported,  // nobody here calls it
  takedown,  // the object is nobody else's any more
};

// What a parameter is.
struct Given {
  Path path;      // from a root of the view or a global; `unknown` where it has no name there
  Origin origin;  // of the object
};

// What paths of a view start from: an argument of the entry, or an object that a function on the way got hold of.
struct Root {
  Origin origin;
  bool stack = false;      // a variable of a function on the way
  bool array = false;      // it is an array, not a pointer to one
  bool to_object = false;  // a Python object
  bool module = false;     // the module
  std::string record;      // what it is, or leads to; "" where that is not known
  Path led;                // where it was found: below this path of the view; unknown root where that is not known
};

// A function that somebody on the way named, or a lambda that somebody made, with what it captured.
struct Closure {
  FunctionId lambda = none;
  std::uint32_t parameter = none;  // through which it came
  std::vector<Given> captured;
};

struct View {
  FunctionId function = none;
  Arrival arrival = Arrival::python;
  std::vector<Given> given;            // by parameter, then what a lambda captured where that is known
  std::vector<Closure> closures;       // lambdas and functions that it was given
  std::vector<Root> roots;             // numbered by Path::number
  std::map<std::string, Path> cells;   // what pointers in blocks that nobody else has lead to: "r0.self" -> r1
  Locks locks;                         // on entry, claims too, named by roots and globals; "?": no name here
  std::vector<std::string> passed;     // flags that are set on entry (Held::Way), named as locks are
  std::vector<std::string> inside;     // once flags whose initialiser this is part of
  bool blurred = false;                // ways were thrown together for their number
  ViewId from = none;                  // the shortest way here
  EventId call = none;                 // in the function of `from`
  std::vector<std::uint32_t> entries;  // all that lead here, by their number, sorted
};

}  // namespace ftaudit::analysis
