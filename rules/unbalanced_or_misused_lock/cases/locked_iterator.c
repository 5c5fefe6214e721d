// A step function that locks at the first step and unlocks after the last: what it returns does not tell which was which.
#include <Python.h>

static PyMutex mutex;
static int items[8];

static int next_item(int *at)
{
    if (*at == -1) PyMutex_Lock(&mutex);
    while (++*at < 8)
        if (items[*at]) return 1;
    PyMutex_Unlock(&mutex);
    return 0;
}

static PyObject *items_count(PyObject *module, PyObject *unused)
{
    int at = -1;
    long n = 0;
    while (next_item(&at)) n++;
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"count", items_count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "items", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_items(void) { return PyModuleDef_Init(&definition); }
