// One caller is attached, the other is not: wrong on the way that is not.
#include <Python.h>

static int complain(int code)
{
    PyErr_Format(PyExc_RuntimeError, "code %d", code + 1);  // expect: FT501
    return -1;
}

static PyObject *attached(PyObject *module, PyObject *arg)
{
    complain(1);
    return NULL;
}

static PyObject *detached(PyObject *module, PyObject *arg)
{
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = complain(2);
    Py_END_ALLOW_THREADS
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"attached", attached, METH_NOARGS, NULL},
    {"detached", detached, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
