// A member of the same name in a struct that is no object.
#include <Python.h>

struct item {
    PyMutex ob_mutex;
    long n;
};
static struct item item;

static PyObject *items_bump(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&item.ob_mutex);
    item.n++;
    PyMutex_Unlock(&item.ob_mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"bump", items_bump, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "items", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_items(void) { return PyModuleDef_Init(&definition); }
