// Tables for CPython, what nobody writes, what initialisation writes, code that only builds with the GIL have.
#include <Python.h>

static char *keywords[] = {"x", NULL};
static long limit = 10;
static double scale;
static PyMemberDef members[] = {{NULL, 0, 0, 0, NULL}};
#ifndef Py_GIL_DISABLED
static long calls;
#endif

static void set_scale(double to) { scale = to; }

static int m_exec(PyObject *module)
{
    set_scale(limit / 3.0);
    return 0;
}

static PyObject *f(PyObject *module, PyObject *args)
{
    double x;
    PyObject *kwargs = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "d", keywords, &x)) return NULL;
#ifndef Py_GIL_DISABLED
    calls++;
#endif
    return PyFloat_FromDouble(x * scale + (members[0].name == NULL));
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
