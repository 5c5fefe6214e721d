// A mark that is looked at again under the lock and set there, and nothing else: who looked early is late, no more. What
// is filled under the lock before the flag says so may be missed by who looks early.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex lock; int closing, ready; long *rows; } Table;

static PyObject *table_close(PyObject *op, PyObject *unused)
{
    Table *self = (Table *)op;
    if (self->closing) {
        PyErr_SetString(PyExc_RuntimeError, "closed");
        return NULL;
    }
    PyMutex_Lock(&self->lock);
    int closing = self->closing;
    self->closing = 1;
    PyMutex_Unlock(&self->lock);
    return PyLong_FromLong(closing);
}

static PyObject *table_first(PyObject *op, PyObject *unused)
{
    Table *self = (Table *)op;
    if (!self->ready) {  // expect: FT204
        PyMutex_Lock(&self->lock);
        if (!self->ready) {
            self->rows = PyMem_RawCalloc(8, sizeof(long));
            self->ready = 1;
        }
        PyMutex_Unlock(&self->lock);
    }
    return PyLong_FromLong(self->rows ? self->rows[0] : 0);
}

static PyMethodDef methods[] = {{"close", table_close, METH_NOARGS, NULL},
                                {"first", table_first, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyTypeObject TableType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Table", .tp_basicsize = sizeof(Table),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = PyType_GenericNew, .tp_methods = methods};

static int exec(PyObject *module) { return PyModule_AddType(module, &TableType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
