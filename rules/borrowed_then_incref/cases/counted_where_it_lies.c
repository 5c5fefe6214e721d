// The reference is taken of the variable itself, then the variable is copied, both under the lock. Counted after that,
// it is too late.
#include <Python.h>

static PyMutex lock;
static PyObject *handler;

static PyObject *set_handler(PyObject *module, PyObject *to)
{
    PyMutex_Lock(&lock);
    PyObject *before = handler;
    handler = Py_NewRef(to);
    PyMutex_Unlock(&lock);
    Py_XDECREF(before);
    Py_RETURN_NONE;
}

static PyObject *handle(PyObject *module, PyObject *argument)
{
    PyMutex_Lock(&lock);
    Py_XINCREF(handler);
    PyObject *mine = handler;
    PyMutex_Unlock(&lock);
    if (mine == NULL) Py_RETURN_NONE;
    PyObject *out = PyObject_CallOneArg(mine, argument);
    Py_DECREF(mine);
    return out;
}

static PyObject *handle_late(PyObject *module, PyObject *argument)
{
    PyMutex_Lock(&lock);
    PyObject *mine = handler;  // expect: FT102
    PyMutex_Unlock(&lock);
    Py_XINCREF(mine);
    if (mine == NULL) Py_RETURN_NONE;
    PyObject *out = PyObject_CallOneArg(mine, argument);
    Py_DECREF(mine);
    return out;
}

static PyMethodDef methods[] = {
    {"set_handler", set_handler, METH_O, NULL},
    {"handle", handle, METH_O, NULL},
    {"handle_late", handle_late, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "handlers", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_handlers(void) { return PyModuleDef_Init(&definition); }
