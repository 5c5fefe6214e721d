// The old value is only the index that is written at.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t used;
    long values[16];
} Log;

static PyObject *Log_put(Log *self, PyObject *object)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_ssize_t at = self->used;
    long value = PyLong_AsLong(object);
    self->values[at] = value;  // missed: FT404
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef Log_methods[] = {
    {"put", (PyCFunction)Log_put, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Log_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "log.Log",
    .tp_basicsize = sizeof(Log),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Log_methods,
};
static int log_exec(PyObject *module) { return PyModule_AddType(module, &Log_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)log_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "log", .m_slots = slots};
PyMODINIT_FUNC PyInit_log(void) { return PyModuleDef_Init(&definition); }
