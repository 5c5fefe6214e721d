// What calls do to the counts of references, and which of them give back the object that they were given. A table of
// facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

// What a call does to the count of a reference that is its argument.
enum class Counting : std::uint8_t {
  none,
  takes,       // Py_INCREF
  hands_back,  // Py_NewRef: takes one more, and returns the same object
  in_result,   // Py_BuildValue: what it makes has one
  in_handle,   // a binding's handle around a borrowed pointer has one
  drops,       // Py_DECREF
  clears,      // Py_CLEAR: drops what is in a variable
  replaces,    // Py_SETREF: likewise, and puts another there
};
Counting counting(std::string_view name);
// Returns the object it was given, or one that stands for it: a list of PySequence_Fast, an iterator of
// PyObject_GetIter.
bool may_hand_back(std::string_view name);
// Gives the C++ object that lies in a Python object, when it is asked for a class: pybind11::object::cast.
bool gives_instance(std::string_view name);
// Returns a pointer to an object, and always NULL: PyErr_Format, so that `return PyErr_Format(...)` can be written.
bool gives_null(std::string_view name);
// Only compares which object it is: Py_Is, Py_IsNone.
bool compares_identity(std::string_view name);
// Of an object that it is given it writes the address, as a number: printf, with %p.
bool prints_address(std::string_view name);
// The variable of an object that nobody can change or let die: None, True, False, Ellipsis, NotImplemented (PEP 683).
bool is_immortal(std::string_view variable);
// Tells the count: Py_REFCNT.
bool tells_count(std::string_view name);
// Makes an object, with one reference, of memory that was one before.
bool revives(std::string_view name);
// A class of pybind11 or nanobind whose objects own a reference: py::object and what is derived from it.
bool owns_reference(std::string_view record);
// py::make_iterator(begin, end): Python asks for the elements one after the other.
bool makes_python_iterator(std::string_view callee);

}  // namespace ftaudit::capi
