// A loop that takes every lock of an array leaves nobody else in; one that is left with the lock which it came to keeps
// off those alone who came to the same.
#include <Python.h>

static PyMutex locks[8];
static long of_all, of_all_at_end, of_one, of_those_before;

static PyObject* all(PyObject* module, PyObject* unused) {
  for (int i = 0; i < 8; i++) PyMutex_Lock(&locks[i]);
  of_all++;
  for (int i = 0; i < 8; i++) PyMutex_Unlock(&locks[i]);
  Py_RETURN_NONE;
}

static PyObject* all_at_end(PyObject* module, PyObject* unused) {
  int i = 0;
  do {
    PyMutex_Lock(&locks[i]);
  } while (++i < 8);
  of_all_at_end++;
  i = 0;
  do {
    PyMutex_Unlock(&locks[i]);
  } while (++i < 8);
  Py_RETURN_NONE;
}

static PyObject* one(PyObject* module, PyObject* wanted) {
  const int from = (int)PyLong_AsLong(wanted);
  int i = 0;
  for (;; i++) {
    PyMutex_Lock(&locks[i]);
    if (i >= from) break;
    PyMutex_Unlock(&locks[i]);
  }
  of_one++;  // expect: FT303
  PyMutex_Unlock(&locks[i]);
  Py_RETURN_NONE;
}

static PyObject* those_before_too(PyObject* module, PyObject* wanted) {
  const int to = (int)PyLong_AsLong(wanted);
  int i = 0;
  for (;; i++) {
    PyMutex_Lock(&locks[i]);
    if (i >= to) break;
  }
  of_those_before++;
  for (; i >= 0; i--) PyMutex_Unlock(&locks[i]);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"all", all, METH_NOARGS, NULL},
                                {"all_at_end", all_at_end, METH_NOARGS, NULL},
                                {"one", one, METH_O, NULL},
                                {"those_before_too", those_before_too, METH_O, NULL},
                                {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
