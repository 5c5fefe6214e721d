// A signal handler interrupts whichever thread gets the signal, with the GIL or without: no native thread that the GIL
// kept apart, and its flag is no more than a flag. What a thread of the project's own counts up, is.
#include <Python.h>
#include <pthread.h>
#include <signal.h>

static int interrupted;
static long beats;

static void on_signal(int number) { interrupted = 1; }

static void *heart(void *unused)
{
  for (int i = 0; i < 1000; ++i) beats += 1;  // expect: FT502
  return NULL;
}

static PyObject *start(PyObject *module, PyObject *unused)
{
  pthread_t thread;
  if (pthread_create(&thread, NULL, heart, NULL) != 0) return PyErr_SetFromErrno(PyExc_OSError);
  pthread_detach(thread);
  Py_RETURN_NONE;
}

static PyObject *beaten(PyObject *module, PyObject *unused)
{
  if (interrupted) {
    interrupted = 0;
    return PyErr_SetFromErrno(PyExc_InterruptedError);
  }
  return PyLong_FromLong(beats);
}

static PyMethodDef methods[] = {{"start", start, METH_NOARGS, NULL}, {"beaten", beaten, METH_NOARGS, NULL}, {NULL}};

static int listen(PyObject *module)
{
  signal(SIGUSR1, on_signal);
  return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, listen}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "hearts", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_hearts(void) { return PyModuleDef_Init(&definition); }
