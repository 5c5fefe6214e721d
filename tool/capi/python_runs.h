// How surely a call runs Python code where suspends() says that it may, and what is known of the objects that calls
// take and return. A table of facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

// What suspends() says of a call is a corner of what it does (%R in a format), its usual work, or done whatever the
// reason suggests.
enum class Chance : std::uint8_t { hardly, usually, surely };
Chance chance_of_python(std::string_view name);

// Makes an object of characters or digits: letting it go, hashing it or comparing it runs nothing.
bool makes_plain_value(std::string_view name);
// Returns what Python code handed out: the result of a call, an attribute, an item.
bool gives_anything(std::string_view name);
// Returns the thread's exception, or puts it where its arguments lead.
bool gives_exception(std::string_view name);
// Turns an object into a number of C's.
bool converts_number(std::string_view name);
// Asks whether an object is of a class, its second argument (abstract.c: what is no subtype is asked for __class__).
bool asks_class(std::string_view name);
// Calls an object, its first argument, whatever it is.
bool calls_object(std::string_view name);
// The same by way of a C++ binding, or it runs Python's code otherwise.
bool calls_by_binding(std::string_view name);
// A class whose objects keep something to call, which may be Python's where a binding made it of an argument.
bool keeps_function(std::string_view record);
// A function of the C++ library that calls what it is given, with its other arguments.
bool calls_its_argument(std::string_view name);
// Returns an attribute or a module, which were there before anybody asked.
bool looks_up(std::string_view name);
// Puts a string into the interpreter's table of such, under a lock.
bool interns(std::string_view name);
// Takes a lock of the threading module: made for code in Python, which runs other such code under it as a matter of
// course, and anybody may give it back.
bool takes_python_lock(std::string_view name);
// Runs so much that something in it is bound to let go of what is held: an import, a call, the making of a type.
bool runs_much(std::string_view name);

// Says that something went wrong, by an exception with a message.
bool raises_error(std::string_view name);
// Says something to a person, and does nothing else: a warning, a line of output.
bool says_something(std::string_view name);
// The variable of AssertionError, which assert statements raise.
bool is_assertion_error(std::string_view variable);
// Works on the thread's exception and returns NULL or 0, for its caller to return.
bool answers_null(std::string_view name);
// Forgets errors that happen on the way: PyDict_GetItem.
bool keeps_errors_to_itself(std::string_view name);

}  // namespace ftaudit::capi
