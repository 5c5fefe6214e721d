// Lingering: read right after CPython's Python.h by every file of an instrumented extension, behind annotations.h.
// Wraps what counts a reference somebody else may give up, what returns a borrowed one, and what makes the objects that
// caches are filled with, so that lingering.c can hold the thread there. C and C++, CPython 3.13 and newer without the
// GIL.
#pragma once

#if !defined(Py_LIMITED_API) && defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030d0000

#ifdef __cplusplus
extern "C" {
#endif
// In the runtime object. Weak: a program that a configure script links on its own goes without.
__attribute__((weak, visibility("hidden"))) void ftaudit_linger(const char* function);
#ifdef __cplusplus
}
#endif

// By the time this is called the reference has been loaded.
static inline PyObject* ftaudit_held(PyObject* object, const char* function) {
  if (ftaudit_linger) ftaudit_linger(function);
  return object;
}

#undef Py_INCREF
#undef Py_XINCREF
#undef Py_NewRef
#undef Py_XNewRef
#define Py_INCREF(op) Py_INCREF(ftaudit_held(_PyObject_CAST(op), __func__))
#define Py_XINCREF(op) Py_XINCREF(ftaudit_held(_PyObject_CAST(op), __func__))
#define Py_NewRef(op) Py_NewRef(ftaudit_held(_PyObject_CAST(op), __func__))
#define Py_XNewRef(op) Py_XNewRef(ftaudit_held(_PyObject_CAST(op), __func__))

// Borrowed: the owner may let go of it.
#define PyDict_GetItem(...) ftaudit_held(PyDict_GetItem(__VA_ARGS__), __func__)
#define PyDict_GetItemWithError(...) ftaudit_held(PyDict_GetItemWithError(__VA_ARGS__), __func__)
#define PyDict_GetItemString(...) ftaudit_held(PyDict_GetItemString(__VA_ARGS__), __func__)
#define PyDict_SetDefault(...) ftaudit_held(PyDict_SetDefault(__VA_ARGS__), __func__)
#define PyList_GetItem(...) ftaudit_held(PyList_GetItem(__VA_ARGS__), __func__)

// New: where it goes into a cache, that was found empty before and is filled a moment later.
#define PyUnicode_InternFromString(...) ftaudit_held(PyUnicode_InternFromString(__VA_ARGS__), __func__)
#define PyUnicode_FromString(...) ftaudit_held(PyUnicode_FromString(__VA_ARGS__), __func__)
#define PyImport_ImportModule(...) ftaudit_held(PyImport_ImportModule(__VA_ARGS__), __func__)
#define PyImport_Import(...) ftaudit_held(PyImport_Import(__VA_ARGS__), __func__)
#define PyObject_GetAttrString(...) ftaudit_held(PyObject_GetAttrString(__VA_ARGS__), __func__)
#define PyDict_New(...) ftaudit_held(PyDict_New(__VA_ARGS__), __func__)
#define PyList_New(...) ftaudit_held(PyList_New(__VA_ARGS__), __func__)
#define PyTuple_New(...) ftaudit_held(PyTuple_New(__VA_ARGS__), __func__)
#define PyTuple_Pack(...) ftaudit_held(PyTuple_Pack(__VA_ARGS__), __func__)
#define Py_BuildValue(...) ftaudit_held(Py_BuildValue(__VA_ARGS__), __func__)

#endif
