// Filled through a pointer to the field.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *doc; } A;

static PyObject *a_get_doc(A *self, void *closure)
{
    PyObject **doc = &self->doc;
    if (*doc == NULL) *doc = PyUnicode_FromString("?");  // expect: FT307
    return Py_XNewRef(*doc);
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
