// An array of marks, each set and wiped by constants: who reads an old one is late, which is low. The twin is an array
// of what was counted.
#include <Python.h>
#include <string.h>

static char pressed[5];
static long seen[5];

static PyObject *pump(PyObject *module, PyObject *unused)
{
    memset(pressed, 0, sizeof(pressed));  // expect: FT201
    pressed[1] = 1;
    Py_RETURN_NONE;
}

static PyObject *is_pressed(PyObject *module, PyObject *unused) { return PyBool_FromLong(pressed[0]); }

static PyObject *see(PyObject *module, PyObject *unused)
{
    seen[0]++;  // expect: FT201
    return PyLong_FromLong(seen[0]);
}

static PyMethodDef methods[] = {{"pump", pump, METH_NOARGS, NULL},
                                {"is_pressed", is_pressed, METH_NOARGS, NULL},
                                {"see", see, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "keys", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_keys(void) { return PyModuleDef_Init(&definition); }
