// A capsule of the project's own, through a local.
#include <Python.h>

static void **table;

static int fetch(void)
{
    void *found = PyCapsule_Import("core._api", 0);  // expect: FT213
    if (found == NULL) return -1;
    table = found;
    return 0;
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (table == NULL && fetch() < 0) return NULL;
    return PyLong_FromVoidPtr(table[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
