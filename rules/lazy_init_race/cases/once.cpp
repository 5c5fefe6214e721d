// Once regions: std::call_once, and the static initialiser of C++.
#include <Python.h>
#include <mutex>

static std::once_flag once;
static double *table;
static double *other;

static double *made() { return new double[8](); }

static PyObject *f(PyObject *, PyObject *)
{
    static double *magic = made();
    std::call_once(once, [] {
        if (table == nullptr) table = made();
    });
    if (other == nullptr) other = made();  // expect: FT203
    return PyFloat_FromDouble(table[0] + other[0] + magic[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
