// A plain flag that is asked and set under the mutex alone: who has found it set reads what was filled before without
// the mutex, and so does who has set it. The result says so.
#include <Python.h>
typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    int loaded;
    long limit;
    char *text;
} Box;

static int load(Box *self)
{
    int ok = 0;
    PyMutex_Lock(&self->mutex);
    if (!self->loaded) {
        char *text = PyMem_RawMalloc(10);
        if (text == NULL) {
            ok = -1;
        } else {
            memcpy(text, "abc", 4);
            self->text = text;
            self->limit = 5;
            self->loaded = 1;
        }
    }
    PyMutex_Unlock(&self->mutex);
    return ok;
}
static PyObject *Box_get(Box *self, PyObject *unused)
{
    if (load(self) < 0) return PyErr_NoMemory();
    return PyUnicode_FromFormat("%s %ld", self->text, self->limit);
}
static PyObject *Box_limit(Box *self, PyObject *unused)
{
    if (load(self) < 0) return PyErr_NoMemory();
    return PyLong_FromLong(self->limit);
}

static PyMethodDef Box_methods[] = {
    {"Box_get", (PyCFunction)Box_get, METH_NOARGS, NULL},
    {"Box_limit", (PyCFunction)Box_limit, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Box_methods,
    .tp_new = PyType_GenericNew,
};
static int add_types(PyObject *module)
{
    return PyModule_AddType(module, &Box_Type);
}
static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_types}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
