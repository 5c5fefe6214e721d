// The pair that is shown has the method in it that reads while the object is made anew, not __init__ beside itself,
// though what only that one uses is replaced too.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *pool; long *rates; } Smoother;

static int smoother_init(Smoother *self, PyObject *args, PyObject *kwargs)
{
    Py_XSETREF(self->pool, PyDict_New());
    if (!self->pool) return -1;
    PyMem_Free(self->rates);
    self->rates = PyMem_Calloc(8, sizeof(long));  // expect: FT309
    return self->rates ? 0 : -1;
}

static PyObject *smoother_rate(Smoother *self, PyObject *unused) { return PyLong_FromLong(self->rates[0]); }

static PyMethodDef methods[] = {{"rate", (PyCFunction)smoother_rate, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Smoother_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.Smoother",
    .tp_basicsize = sizeof(Smoother),
    .tp_methods = methods,
    .tp_init = (initproc)smoother_init,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &Smoother_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
