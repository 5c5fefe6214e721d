// A C++ struct that begins with an object's header is an object.
#include <Python.h>

struct Base { PyObject_HEAD };
struct Derived : Base { int n; };

static PyTypeObject *type;

static PyObject *f(PyObject *, PyObject *)
{
    Derived *made = static_cast<Derived *>(PyObject_Malloc(sizeof(Derived)));
    if (!made) return PyErr_NoMemory();
    PyObject_Init(reinterpret_cast<PyObject *>(made), type);
    return reinterpret_cast<PyObject *>(made);
}

static PyMethodDef methods[] = {{"f", f, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
