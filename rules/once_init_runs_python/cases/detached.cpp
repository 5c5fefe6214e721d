// The caller detaches around the once call, and the initialiser attaches for itself.
#include <Python.h>
#include <mutex>

static std::once_flag once;
static PyObject *decimal;

static PyObject *f(PyObject *, PyObject *text)
{
    Py_BEGIN_ALLOW_THREADS
    std::call_once(once, [] {
        PyGILState_STATE state = PyGILState_Ensure();
        decimal = PyImport_ImportModule("decimal");
        PyGILState_Release(state);
    });
    Py_END_ALLOW_THREADS
    return PyObject_CallMethod(decimal, "Decimal", "O", text);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
