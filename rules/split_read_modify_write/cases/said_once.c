// An atomic flag behind which something is said, and nothing else done: two threads say it both, and no more. What is
// made behind a flag is made twice.
#include <Python.h>
#include <stdatomic.h>
#include <stdio.h>

static PyObject *table;

static PyObject *old_name(PyObject *module, PyObject *unused)
{
    static atomic_bool warned;
    if (!warned) {
        fprintf(stderr, "use new_name()\n");
        warned = 1;  // expect: FT703 (low)
    }
    Py_RETURN_NONE;
}

static PyObject *older_name(PyObject *module, PyObject *unused)
{
    static atomic_int warned;
    if (atomic_load(&warned) == 0) {
        if (PyErr_WarnEx(PyExc_DeprecationWarning, "use new_name()", 1)) return NULL;
        atomic_store(&warned, 1);  // expect: FT703 (low)
    }
    Py_RETURN_NONE;
}

static PyObject *look(PyObject *module, PyObject *unused)
{
    static atomic_bool filled;
    if (!filled) {
        filled = 1;  // expect: FT703 (medium)
        table = PyDict_New();
    }
    return PyDict_Copy(table);
}

static PyMethodDef methods[] = {
    {"old_name", old_name, METH_NOARGS, NULL},
    {"older_name", older_name, METH_NOARGS, NULL},
    {"look", look, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
