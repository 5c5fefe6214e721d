// The test turns the other way round: what is there is returned at once.
#include <Python.h>

typedef struct { PyObject_HEAD char *text; Py_ssize_t n; } A;

static PyObject *a_text(A *self, PyObject *unused)
{
    if (self->text != NULL) return PyUnicode_FromString(self->text);
    char *made = PyMem_Calloc(self->n + 1, 1);
    if (made == NULL) return PyErr_NoMemory();
    self->text = made;  // expect: FT307
    return PyUnicode_FromString(made);
}

static PyMethodDef a_methods[] = {
    {"text", (PyCFunction)a_text, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
