// A mark that is tested and set, behind which something is let go: two threads both find it unset and both let it go.
// Where the mark is looked at and set under the lock one of them alone goes on, and a mark for its own sake does little
// harm.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    char released, sized, closed;
    long *cells;
    PyObject *owner;
} Texture;

static PyObject *release(PyObject *op, PyObject *unused)
{
    Texture *self = (Texture *)op;
    if (self->released) Py_RETURN_NONE;
    self->released = 1;  // expect: FT307 (high)
    Py_DECREF(self->owner);
    Py_RETURN_NONE;
}

static PyObject *size(PyObject *op, PyObject *unused)
{
    Texture *self = (Texture *)op;
    if (!self->sized) self->sized = 1;
    return PyLong_FromLong(self->sized);
}

static PyObject *close_cells(PyObject *op, PyObject *unused)
{
    Texture *self = (Texture *)op;
    int first;
    Py_BEGIN_CRITICAL_SECTION(op);
    first = !self->closed;
    self->closed = 1;
    Py_END_CRITICAL_SECTION();
    if (first) PyMem_Free(self->cells);
    Py_RETURN_NONE;
}

static PyMethodDef texture_methods[] = {
    {"release", release, METH_NOARGS, NULL},
    {"size", size, METH_NOARGS, NULL},
    {"close_cells", close_cells, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot texture_slots[] = {{Py_tp_methods, texture_methods}, {0, NULL}};
static PyType_Spec texture_spec = {
    .name = "m.Texture",
    .basicsize = sizeof(Texture),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = texture_slots,
};

static int fill(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&texture_spec);
    int rc = type == NULL ? -1 : PyModule_AddObjectRef(module, "Texture", type);
    Py_XDECREF(type);
    return rc;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
