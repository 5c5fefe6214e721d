// What can be read is read: a header is missing, a type unknown, a member gone.
#include <Python.h>
#include "nowhere.h"
#include <no/such/header.h>
#define Py_LIMITED_API 0x030b0000
#ifdef Py_GIL_DISABLED
static int without_gil(void) { return 1; }
#else
static int with_gil(void) { return 2; }
#endif
static unknown_t field_of(unknown_t *x) { return x->field; }
static int good(PyObject *o) { int n = undeclared(o); return n + 1; }
static long count(PyObject *o) { return o->ob_refcnt; }
// ftaudit: allow FT601 -- a test
static int still_here(void) { return 3; } /* NOLINT(ftaudit-FT801) */
