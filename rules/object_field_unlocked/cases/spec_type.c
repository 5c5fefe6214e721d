// A type made from a spec; each method casts the object for itself.
#include <Python.h>

typedef struct { PyObject_HEAD int level; } Gauge;

static PyObject *gauge_raise(PyObject *op, PyObject *unused)
{
    ((Gauge *)op)->level++;  // expect: FT301
    Py_RETURN_NONE;
}

static PyObject *gauge_level(PyObject *op, void *closure) { return PyLong_FromLong(((Gauge *)op)->level); }

static PyMethodDef gauge_methods[] = {{"raise_", gauge_raise, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyGetSetDef gauge_getset[] = {{"level", gauge_level, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot gauge_slots[] = {{Py_tp_methods, gauge_methods}, {Py_tp_getset, gauge_getset}, {0, NULL}};
static PyType_Spec gauge_spec = {"gauge.Gauge", sizeof(Gauge), 0, Py_TPFLAGS_DEFAULT, gauge_slots};

static int gauge_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &gauge_spec, NULL);
    if (type == NULL || PyModule_AddType(module, (PyTypeObject *)type) < 0) return -1;
    Py_DECREF(type);
    return 0;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)gauge_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "gauge", .m_slots = slots};
PyMODINIT_FUNC PyInit_gauge(void) { return PyModuleDef_Init(&definition); }
