// Section: the critical section of an object for as long as the guard lives; whoever gets the guard has it.
#pragma once

#include <Python.h>

class Section {
 public:
  explicit Section(PyObject* object) { PyCriticalSection_Begin(&section_, object); }
  template <class T> explicit Section(T* object) : Section(reinterpret_cast<PyObject*>(object)) {}
  Section(const Section&) = delete;
  ~Section() { PyCriticalSection_End(&section_); }

 private:
  PyCriticalSection section_;
};
