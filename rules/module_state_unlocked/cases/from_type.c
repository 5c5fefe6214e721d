// Reached from a method through the type; written under the lock, read without it: FT303's to say.
#include <Python.h>

typedef struct {
    PyMutex mutex;
    long made, locked;
} state;

static state *state_of(PyTypeObject *type) { return PyType_GetModuleState(type); }

static PyObject *node_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    state_of(type)->made++;  // expect: FT208
    PyMutex_Lock(&state_of(type)->mutex);
    state_of(type)->locked++;
    PyMutex_Unlock(&state_of(type)->mutex);
    return type->tp_alloc(type, 0);
}

static PyType_Slot node_slots[] = {{Py_tp_new, node_new}, {0, NULL}};
static PyType_Spec node_spec = {"m.Node", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, node_slots};

static PyObject *f(PyObject *module, PyObject *unused)
{
    state *st = PyModule_GetState(module);
    return PyLong_FromLong(st->made);
}

static int m_exec(PyObject *module)
{
    return PyModule_Add(module, "Node", PyType_FromModuleAndSpec(module, &node_spec, NULL));
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = sizeof(state), .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
