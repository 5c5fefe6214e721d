// a before b, b before c, c before a: no two of them are the other way round.
#include <Python.h>

static PyMutex a, b, c;
static long n;

static PyObject *count_ab(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&a);
    PyMutex_Lock(&b);  // expect: FT408
    n++;
    PyMutex_Unlock(&b);
    PyMutex_Unlock(&a);
    Py_RETURN_NONE;
}

static PyObject *count_bc(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&b);
    PyMutex_Lock(&c);
    n++;
    PyMutex_Unlock(&c);
    PyMutex_Unlock(&b);
    Py_RETURN_NONE;
}

static PyObject *count_ca(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&c);
    PyMutex_Lock(&a);
    n++;
    PyMutex_Unlock(&a);
    PyMutex_Unlock(&c);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"ab", count_ab, METH_NOARGS, NULL},
    {"bc", count_bc, METH_NOARGS, NULL},
    {"ca", count_ca, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
