// A field of the module state, found through a helper; the same under the section of the module.
#include <Python.h>

typedef struct {
    double *table;
    double *locked;
} state;

static state *get_state(PyObject *module) { return PyModule_GetState(module); }

static PyObject *f(PyObject *module, PyObject *unused)
{
    state *st = get_state(module);
    if (st->table == NULL) st->table = PyMem_Calloc(8, sizeof(double));  // expect: FT203
    return PyBool_FromLong(st->table != NULL);
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    state *st = get_state(module);
    int made;
    Py_BEGIN_CRITICAL_SECTION(module);
    if (st->locked == NULL) st->locked = PyMem_Calloc(8, sizeof(double));
    made = st->locked != NULL;
    Py_END_CRITICAL_SECTION();
    return PyBool_FromLong(made);
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
