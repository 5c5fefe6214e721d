// Helpers that are called detached, with the address of what the caller saved: attached for a while, and detached again
// into the caller's variable. One forgets that on the way of an error, with a state of its own.
#include <Python.h>

extern int feed_next(void);

static int ask_observer(PyObject *observer, PyThreadState **saved)
{
  int more = feed_next();
  if (more > 3) {
    PyEval_RestoreThread(*saved);
    PyObject *answer = PyObject_CallNoArgs(observer);
    more = answer != NULL;
    Py_XDECREF(answer);
    *saved = PyEval_SaveThread();
  }
  return more;
}

static int drain(PyObject *observer)
{
  PyThreadState *own = PyEval_SaveThread();
  int more = feed_next();
  if (more < 0) return -1;  // expect: FT503
  PyEval_RestoreThread(own);
  PyObject *answer = PyObject_CallNoArgs(observer);
  Py_XDECREF(answer);
  return answer == NULL ? -1 : more;
}

static PyObject *run(PyObject *module, PyObject *observer)
{
  int more = 1;
  PyThreadState *saved = PyEval_SaveThread();
  while (more > 0) more = ask_observer(observer, &saved);
  PyEval_RestoreThread(saved);
  if (drain(observer) < 0) return NULL;
  Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"run", run, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "feeds", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_feeds(void) { return PyModuleDef_Init(&definition); }
