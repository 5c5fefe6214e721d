// The section is held by the callers; the state is handed down.
#include <Python.h>

typedef struct {
    long ids;
} state;

static long next_id(state *st) { return ++st->ids; }

static PyObject *f(PyObject *module, PyObject *unused)
{
    state *st = PyModule_GetState(module);
    long id;
    Py_BEGIN_CRITICAL_SECTION(module);
    id = next_id(st);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(id);
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    state *st = PyModule_GetState(module);
    long id;
    Py_BEGIN_CRITICAL_SECTION(module);
    st->ids += 10;
    id = next_id(st);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(id);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = sizeof(state), .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
