#include "cython/advice.h"

#include "cython/retelling.h"

namespace ftaudit::cython {
namespace {

struct Row {
  std::string_view rules;  // each with a blank behind it
  std::string_view text;
};

constexpr Row rows[] = {
    {"FT001 FT002 FT003 FT004 ",
     "write `# cython: freethreading_compatible=True` in the first comment lines (or give -X "
     "freethreading_compatible=True "
     "in the build), and require Cython >= 3.1 to build"},
    {"FT005 ", "mend the findings of high severity, or take `freethreading_compatible=True` out until then"},
    {"FT104 FT105 ",
     "go over a copy (`for key in list(the_dict):`), or hold `with cython.critical_section(the_dict):` round a loop "
     "that runs no Python code"},
    {"FT101 FT107 FT108 ",
     "leave boundscheck and wraparound on for containers that others can change, or hold `with "
     "cython.critical_section(the_container):` round the index and the use of what it gives"},
    {"FT102 FT103 FT302 FT307 FT311 ",
     "put @cython.critical_section on the methods that set the attribute and on those that read it (`cimport cython`; "
     "Cython >= 3.1)"},
    {"FT201 FT202 FT203 FT204 FT205 FT206 FT209 ",
     "declare `cdef cython.pymutex _lock` in the module and take `with _lock:` round the test and the assignment, or "
     "fill "
     "it in the module's body, which runs once; what belongs to one thread is better passed as an argument"},
    {"FT211 ",
     "hand the value to the callback through its `void *` argument (`<void *>&value`; qsort_r instead of qsort), or "
     "hold "
     "one lock over the whole call"},
    {"FT301 FT303 FT304 FT305 FT306 FT312 ",
     "put @cython.critical_section on every method that touches the attribute, __next__ and the buffer's methods among "
     "them; a `cdef` method without it wants callers that hold it. In a C++ module a counter can be a libcpp.atomic"},
    {"FT309 ", "move what allocates from __init__ to __cinit__, with the same arguments: __init__ can be called again"},
    {"FT310 ",
     "put @cython.critical_section on __getbuffer__, __releasebuffer__ and every method that looks at the count of "
     "exports"},
    {"FT316 FT402 FT403 ", "hold both: `with cython.critical_section(self, other):`, never one within the other"},
    {"FT501 ", "put `with gil:` round what needs Python, or take `nogil` off the declaration of what calls it"},
    {"FT407 ",
     "write `with lock:`, or try and finally with the release in it: an exception leaves from every call in between"},
    {"FT408 ", "take the two locks in the same order everywhere"},
    {"FT805 ",
     "put @cython.critical_section on every method that uses the C++ object, or hold a cython.pymutex of its owner "
     "round each use; in nogil code only the mutex keeps others out"},
    {"FT315 ",
     "copy what is needed to locals and keep the object from changing while the GIL is released: a critical section "
     "ends "
     "there, so count the users, or hold a cython.pymutex over the nogil block"},
    {"FT502 ", "`with gil:` attaches the thread, it keeps nobody out: take a cython.pymutex, or reduce in the prange"},
    {"FT405 FT406 ",
     "keep `with lock:` to statements that run no Python code: take results into C locals, use them behind the block"},
    {"FT508 ", "reduce into a local of the function (`t += x`), or take a cython.pymutex round the update"},
    {"FT801 ", "call the variant that gets its buffer from the caller: `cdef tm t; localtime_r(&at, &t)`"},
};

}  // namespace

std::string advice(std::string_view rule, std::string_view version) {
  for (const Row& row : rows)
    if (row.rules.find(std::string(rule) + " ") != std::string_view::npos) {
      std::string out(row.text);
      if ((rule == "FT302" || rule == "FT102" || rule == "FT103") && !guards_accessors(version))
        out +=
            "; accessors of `public` and `readonly` attributes are guarded by Cython itself from 3.3 on, before that "
            "write a property";
      return out;
    }
  return "";
}

}  // namespace ftaudit::cython
