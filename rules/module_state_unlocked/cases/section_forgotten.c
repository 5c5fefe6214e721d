// A cleared object, where another function of the module takes it; a flag written in initialisation only.
#include <Python.h>

typedef struct {
    PyObject *last;
    int verbose;
} state;

static int m_exec(PyObject *module)
{
    state *st = PyModule_GetState(module);
    st->verbose = 1;
    return 0;
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    state *st = PyModule_GetState(module);
    Py_CLEAR(st->last);  // expect: FT208
    return PyLong_FromLong(st->verbose);
}

static PyObject *g(PyObject *module, PyObject *arg)
{
    state *st = PyModule_GetState(module);
    PyObject *old = st->last;
    st->last = Py_NewRef(arg);  // expect: FT208
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = sizeof(state), .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
