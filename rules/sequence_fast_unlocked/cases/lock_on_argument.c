// The section is on the argument, which is the list itself or a tuple that needs none.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    PyObject *fast = PySequence_Fast(arg, "");
    Py_ssize_t n = 0;
    if (fast == NULL) return NULL;
    Py_BEGIN_CRITICAL_SECTION(arg);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++) n += PySequence_Fast_GET_ITEM(fast, i) == module;
    Py_END_CRITICAL_SECTION();
    Py_DECREF(fast);
    return PyLong_FromSsize_t(n);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
