// A number that is stored for others to look at is a setting: an old one is as good as a new one. A number that a
// function stores and reads again is its own argument, and another thread's is a wrong answer; by helpers, too.
#include <Python.h>
#include <unistd.h>

static long level, current, wanted;

static void want(long number) { wanted = number; }  // expect: FT201
static long find(void) { return wanted * 2 + 1; }

static PyObject *set_level(PyObject *module, PyObject *value)
{
  long number = PyLong_AsLong(value);
  if (number == -1 && PyErr_Occurred()) return NULL;
  level = number;  // expect: FT201
  Py_RETURN_NONE;
}
static PyObject *is_loud(PyObject *module, PyObject *unused) { return PyBool_FromLong(level == 11); }

static PyObject *echo(PyObject *module, PyObject *value)
{
  long number = PyLong_AsLong(value);
  if (number == -1 && PyErr_Occurred()) return NULL;
  current = number;  // expect: FT201
  usleep(1);
  return PyLong_FromLong(current);
}
static PyObject *look_up(PyObject *module, PyObject *value)
{
  long number = PyLong_AsLong(value);
  if (number == -1 && PyErr_Occurred()) return NULL;
  want(number);
  return PyLong_FromLong(find());
}

static PyMethodDef methods[] = {
    {"set_level", set_level, METH_O, NULL},
    {"is_loud", is_loud, METH_NOARGS, NULL},
    {"echo", echo, METH_O, NULL},
    {"look_up", look_up, METH_O, NULL},
    {NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "echoes", NULL, 0, methods};
PyMODINIT_FUNC PyInit_echoes(void) { return PyModuleDef_Init(&definition); }
