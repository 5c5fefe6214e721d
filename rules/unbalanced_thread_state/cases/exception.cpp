// An exception that nobody here catches leaves the region of the macros; a guard would have ended it.
#include <Python.h>
#include <stdexcept>

static int half(int n)
{
    Py_BEGIN_ALLOW_THREADS
    if (n % 2) throw std::invalid_argument("odd");  // expect: FT503
    n /= 2;
    Py_END_ALLOW_THREADS
    return n;
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    try {
        return PyLong_FromLong(half((int)PyLong_AsLong(arg)));
    } catch (const std::exception &error) {
        PyErr_SetString(PyExc_ValueError, error.what());
        return nullptr;
    }
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
