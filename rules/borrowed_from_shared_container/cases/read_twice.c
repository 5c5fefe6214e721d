// An item that is read twice under one lock, with a reference taken to the first, is this thread's own: what macros that
// name their argument twice come to, and what Cython writes for a list without bounds checks. Not with another's index, not
// after the lock was let go, by end or by call.
#include <Python.h>

static PyObject *take(PyObject *shelf, Py_ssize_t at)
{
    PyObject *book;
    Py_BEGIN_CRITICAL_SECTION(shelf);
    Py_INCREF(PyList_GET_ITEM(shelf, at));
    book = PyList_GET_ITEM(shelf, at);
    Py_END_CRITICAL_SECTION();
    return book;
}

static PyObject *first(PyObject *module, PyObject *shelf)
{
    PyObject *book;
    Py_BEGIN_CRITICAL_SECTION(shelf);
    Py_INCREF(PyList_GET_ITEM(shelf, 0));
    book = PyList_GET_ITEM(shelf, 0);
    Py_END_CRITICAL_SECTION();
    return book;
}

static PyObject *second(PyObject *module, PyObject *shelf)
{
    PyObject *book;
    Py_BEGIN_CRITICAL_SECTION(shelf);
    Py_INCREF(PyList_GET_ITEM(shelf, 0));
    book = PyList_GET_ITEM(shelf, 1);  // expect: FT101
    Py_END_CRITICAL_SECTION();
    return book;
}

static PyObject *later(PyObject *module, PyObject *shelf)
{
    PyObject *book;
    Py_BEGIN_CRITICAL_SECTION(shelf);
    Py_INCREF(PyList_GET_ITEM(shelf, 0));
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION(shelf);
    book = PyList_GET_ITEM(shelf, 0);  // expect: FT101
    Py_END_CRITICAL_SECTION();
    return book;
}

static PyObject *announced(PyObject *module, PyObject *shelf)
{
    PyObject *book;
    Py_BEGIN_CRITICAL_SECTION(shelf);
    Py_INCREF(PyList_GET_ITEM(shelf, 0));
    PyErr_WarnEx(PyExc_UserWarning, "taken", 1);
    book = PyList_GET_ITEM(shelf, 0);  // expect: FT101
    Py_END_CRITICAL_SECTION();
    return book;
}

static PyObject *chosen(PyObject *module, PyObject *shelf) { return take(shelf, 3); }

static PyMethodDef methods[] = {
    {"first", first, METH_O, NULL},         {"second", second, METH_O, NULL}, {"later", later, METH_O, NULL},
    {"announced", announced, METH_O, NULL}, {"chosen", chosen, METH_O, NULL}, {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
