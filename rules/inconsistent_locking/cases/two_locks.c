// Both sides lock, but not the same lock.
#include <Python.h>

static PyMutex first, second;
static long total;

static PyObject *m_add(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&first);
    total++;
    PyMutex_Unlock(&first);
    Py_RETURN_NONE;
}

static PyObject *m_total(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&first);
    long n = total;
    PyMutex_Unlock(&first);
    return PyLong_FromLong(n);
}

static PyObject *m_clear(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&second);
    total = 0;  // expect: FT303
    PyMutex_Unlock(&second);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"add", m_add, METH_NOARGS, NULL},
    {"total", m_total, METH_NOARGS, NULL},
    {"clear", m_clear, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
