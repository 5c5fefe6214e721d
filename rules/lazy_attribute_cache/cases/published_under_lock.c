// Computed outside, published under the lock to whoever came first.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *doc; } A;

static PyObject *a_get_doc(A *self, void *closure)
{
    PyObject *doc;
    Py_BEGIN_CRITICAL_SECTION(self);
    doc = Py_XNewRef(self->doc);
    Py_END_CRITICAL_SECTION();
    if (doc != NULL) return doc;
    PyObject *made = PyUnicode_FromString("?");
    if (made == NULL) return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->doc == NULL) self->doc = Py_NewRef(made);
    doc = Py_NewRef(self->doc);
    Py_END_CRITICAL_SECTION();
    Py_DECREF(made);
    return doc;
}

static PyGetSetDef a_getset[] = {
    {"doc", (getter)a_get_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_getset = a_getset,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
