// A flag behind which something is said, and nothing else done: two threads say it both, and no more. What is filled
// behind a flag is another matter, and what is counted there too.
#include <Python.h>
#include <stdio.h>

static PyObject *table;
static long complaints;

static void complain(const char *what)
{
    if (what != NULL) fprintf(stderr, "%s\n", what);
}

static PyObject *old_name(PyObject *module, PyObject *unused)
{
    static int warned = 0;
    if (!warned) {
        if (PyErr_WarnEx(PyExc_DeprecationWarning, "use new_name()", 1)) return NULL;
        warned = 1;  // expect: FT203 (low)
    }
    Py_RETURN_NONE;
}

static PyObject *slow_way(PyObject *module, PyObject *unused)
{
    static int said = 0;
    if (said == 0) {
        said = 1;  // expect: FT203 (low)
        complain("this is slow");
    }
    Py_RETURN_NONE;
}

static PyObject *look(PyObject *module, PyObject *unused)
{
    static int filled = 0;
    if (!filled) {
        filled = 1;  // expect: FT203 (high)
        table = PyDict_New();
    }
    return PyDict_Copy(table);
}

static PyObject *count(PyObject *module, PyObject *unused)
{
    static int counted = 0;
    if (!counted) {
        complain("counted once");
        complaints = 1;
        counted = 1;  // expect: FT203 (high)
    }
    return PyLong_FromLong(complaints);
}

static PyMethodDef methods[] = {
    {"old_name", old_name, METH_NOARGS, NULL}, {"slow_way", slow_way, METH_NOARGS, NULL},
    {"look", look, METH_NOARGS, NULL},         {"count", count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
