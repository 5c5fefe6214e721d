// tp_clear and tp_dealloc drop what is iterated; nobody else is there.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *source; } It;

static int it_clear(It *self) { Py_CLEAR(self->source); return 0; }
static int it_traverse(It *self, visitproc visit, void *arg) { Py_VISIT(self->source); return 0; }
static void it_dealloc(It *self)
{
    it_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}
static PyObject *it_next(It *self) { return PyIter_Next(self->source); }

static PyTypeObject It_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "it.It",
    .tp_basicsize = sizeof(It),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)it_next,
    .tp_clear = (inquiry)it_clear,
    .tp_traverse = (traverseproc)it_traverse,
    .tp_dealloc = (destructor)it_dealloc,
    .tp_new = PyType_GenericNew,
};

static int it_exec(PyObject *module) { return PyModule_AddType(module, &It_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)it_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "it", .m_slots = slots};
PyMODINIT_FUNC PyInit_it(void) { return PyModuleDef_Init(&definition); }
