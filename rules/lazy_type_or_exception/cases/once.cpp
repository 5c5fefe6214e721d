// Made in a function that runs once: FT212 says what is wrong with that.
#include <Python.h>
#include <mutex>

static PyObject *Error;
static std::once_flag made;

static PyObject *f(PyObject *, PyObject *)
{
    std::call_once(made, [] { Error = PyErr_NewException("m.Error", nullptr, nullptr); });
    PyErr_SetNone(Error);
    return nullptr;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
