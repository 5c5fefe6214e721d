// A reference taken to look at an object goes back while the table still has it; a global is another matter.
#include <Python.h>

static PyMutex mutex;
static PyObject *table, *current;

static PyObject *table_has(PyObject *module, PyObject *unused)
{
    PyObject *found = NULL;
    PyMutex_Lock(&mutex);
    int rc = PyDict_GetItemStringRef(table, "spam", &found);
    Py_XDECREF(found);  // expect: FT405
    PyMutex_Unlock(&mutex);
    return PyLong_FromLong(rc);
}

static PyObject *table_drop(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    PyObject *old = current;
    current = NULL;
    Py_XDECREF(old);  // expect: FT405
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"has", table_has, METH_NOARGS, NULL},
    {"drop", table_drop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "table", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_table(void) { return PyModuleDef_Init(&definition); }
