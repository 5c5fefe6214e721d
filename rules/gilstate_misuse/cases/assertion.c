// An assertion says what the author expects; it decides nothing.
#include <Python.h>
#include <assert.h>

static _Thread_local long depth;

static PyObject *f(PyObject *module, PyObject *arg)
{
    assert(PyGILState_Check());
    depth++;
    return PyLong_FromLong(depth);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
