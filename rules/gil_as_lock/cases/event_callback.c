// The library that calls back is not known to do so on a thread of its own: plain shared state (FT201).
#include <Python.h>

void on_event(void (*callback)(void *), void *data);

static long total;

static void seen(void *by)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    total += *(long *)by;  // missed: FT502
    PyGILState_Release(gil);
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    static long one = 1;
    on_event(seen, &one);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused) { return PyLong_FromLong(total); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
