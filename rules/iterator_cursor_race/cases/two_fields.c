// A cursor of two fields is one finding; a method that only reads it is another side of it.
#include <Python.h>

typedef struct { PyObject_HEAD long row, column, width; } It;

static PyObject *it_next(It *self)
{
    if (self->column == self->width) {
        self->row++;
        self->column = 0;  // expect: FT305
    }
    return PyLong_FromLong(self->row * self->width + self->column++);
}

static PyObject *it_row(It *self, PyObject *unused) { return PyLong_FromLong(self->row); }

static PyMethodDef it_methods[] = {
    {"row", (PyCFunction)it_row, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject It_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "it.It",
    .tp_basicsize = sizeof(It),
    .tp_methods = it_methods,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)it_next,
    .tp_new = PyType_GenericNew,
};

static int it_exec(PyObject *module) { return PyModule_AddType(module, &It_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)it_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "it", .m_slots = slots};
PyMODINIT_FUNC PyInit_it(void) { return PyModuleDef_Init(&definition); }
