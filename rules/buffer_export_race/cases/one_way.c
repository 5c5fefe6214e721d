// Exports are counted, and never released.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static int obj_getbuf(Obj *self, Py_buffer *v, int flags)
{
    self->exports++;  // expect: FT310
    return PyBuffer_FillInfo(v, (PyObject *)self, self->buf, self->n, 0, flags);
}

static PyBufferProcs obj_buffer = {(getbufferproc)obj_getbuf, NULL};
static PyTypeObject Obj_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Obj",
    .tp_basicsize = sizeof(Obj),
    .tp_as_buffer = &obj_buffer,
    .tp_new = PyType_GenericNew,
};

static int m_exec(PyObject *module) { return PyModule_AddType(module, &Obj_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
