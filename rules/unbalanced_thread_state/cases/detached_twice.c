// A region inside a region: the second save finds nothing to save.
#include <Python.h>

extern int lib_step(void);

static int step(void)
{
    int rc;
    Py_BEGIN_ALLOW_THREADS  // expect: FT503
    rc = lib_step();
    Py_END_ALLOW_THREADS
    return rc;
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    int rc;
    Py_BEGIN_ALLOW_THREADS
    rc = step();
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(rc);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
