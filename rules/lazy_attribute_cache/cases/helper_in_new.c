// The filling helper is called by tp_new alone; methods only read.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *doc; } A;

static int fill(A *a)
{
    if (a->doc == NULL) a->doc = PyUnicode_FromString("?");
    return a->doc ? 0 : -1;
}

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL && fill(self) < 0) Py_CLEAR(self);
    return (PyObject *)self;
}

static PyObject *a_get_doc(A *self, void *closure) { return Py_NewRef(self->doc); }

static PyGetSetDef a_getset[] = {
    {"doc", (getter)a_get_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_getset = a_getset,
    .tp_new = (newfunc)a_new,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
