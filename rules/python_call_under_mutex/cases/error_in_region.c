// Raising an error under the lock: only in corners.
#include <Python.h>

static PyMutex mutex;
static long left = 10;

static PyObject *stock_take(PyObject *module, PyObject *unused)
{
    PyObject *result = NULL;
    PyMutex_Lock(&mutex);
    if (left == 0) PyErr_SetString(PyExc_ValueError, "empty");  // expect: FT405
    else result = PyLong_FromLong(--left);
    PyMutex_Unlock(&mutex);
    return result;
}

static PyMethodDef methods[] = {
    {"take", stock_take, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "stock", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_stock(void) { return PyModuleDef_Init(&definition); }
