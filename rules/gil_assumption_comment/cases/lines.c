// Two lines of one comment; and words that only say how to call.
#include <Python.h>

static long total;

// Nobody else can get here: the updates are (expect: FT214)
// serialized by the GIL.
static PyObject *f(PyObject *module, PyObject *arg)
{
    // The GIL is released while we sleep, which is safe.
    total += PyLong_AsLong(arg);
    // Called with the GIL held.
    return PyLong_FromLong(total);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
