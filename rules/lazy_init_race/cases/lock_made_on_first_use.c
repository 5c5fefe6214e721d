// A lock that whoever comes first makes: two who find none make two, and each goes in by its own. Made while the module
// is, under another lock, or for an object in tp_new it is there before anybody comes.
#include <Python.h>
#include <pythread.h>

static PyThread_type_lock lazy, made, nested;
static PyMutex outer;
static long count, steps, turns;

static void enter(PyThread_type_lock lock) {
  Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(lock, WAIT_LOCK);
  Py_END_ALLOW_THREADS
}

static PyObject* counts(PyObject* module, PyObject* unused) {
  if (lazy == NULL) lazy = PyThread_allocate_lock();  // expect: FT203
  enter(lazy);
  long now = ++count;
  PyThread_release_lock(lazy);
  return PyLong_FromLong(now);
}

static PyObject* step(PyObject* module, PyObject* unused) {
  enter(made);
  long now = ++steps;
  PyThread_release_lock(made);
  return PyLong_FromLong(now);
}

static PyObject* turn(PyObject* module, PyObject* unused) {
  PyMutex_Lock(&outer);
  if (nested == NULL) nested = PyThread_allocate_lock();
  PyThread_type_lock lock = nested;
  PyMutex_Unlock(&outer);
  enter(lock);
  long now = ++turns;
  PyThread_release_lock(lock);
  return PyLong_FromLong(now);
}

static int fill(PyObject* module) { return (made = PyThread_allocate_lock()) == NULL ? -1 : 0; }

static PyMethodDef methods[] = {{"count", counts, METH_NOARGS, NULL},
                                {"step", step, METH_NOARGS, NULL},
                                {"turn", turn, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void*)fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
