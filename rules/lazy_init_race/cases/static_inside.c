// A static variable inside a function; one for each thread; one that only initialisation asks for.
#include <Python.h>
#include <stdlib.h>

static long threads(void)
{
    static long n;
    if (n == 0) n = atol(getenv("THREADS"));  // expect: FT203
    return n;
}

static long *scratch(void)
{
    static _Thread_local long *mine;
    if (mine == NULL) mine = calloc(8, sizeof *mine);
    return mine;
}

static long version(void)
{
    static long n;
    if (n == 0) n = atol(getenv("VERSION"));
    return n;
}

static PyObject *f(PyObject *module, PyObject *unused) { return PyLong_FromLong(threads() + (scratch() != NULL)); }

static int m_exec(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", version()); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
