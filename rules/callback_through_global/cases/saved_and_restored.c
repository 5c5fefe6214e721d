// The old value is put back: right for nesting, wrong for threads.
#include <Python.h>

int solve(int (*step)(int), int n);

static PyObject *callback;

static int step(int n)
{
    PyObject *result = PyObject_CallFunction(callback, "i", n);
    long out = result ? PyLong_AsLong(result) : -1;
    Py_XDECREF(result);
    return (int)out;
}

static PyObject *f(PyObject *module, PyObject *callable)
{
    PyObject *saved = callback;
    callback = callable;  // expect: FT211
    int out = solve(step, 3);
    callback = saved;
    return PyLong_FromLong(out);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
