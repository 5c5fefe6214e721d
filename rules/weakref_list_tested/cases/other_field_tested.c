// What decides is a mark of the type's own: the list is left to the interpreter.
#include <Python.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    int finished;
    PyObject *references;
} Page;

static void Page_dealloc(Page *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (!self->finished) PyObject_ClearWeakRefs((PyObject *)self);
    type->tp_free(self);
    Py_DECREF(type);
}
static PyMemberDef Page_members[] = {
    {"__weaklistoffset__", Py_T_PYSSIZET, offsetof(Page, references), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot Page_slots[] = {
    {Py_tp_members, Page_members},
    {Py_tp_dealloc, Page_dealloc},
    {0, NULL},
};
static PyType_Spec Page_spec = {"books.Page", sizeof(Page), 0, Py_TPFLAGS_DEFAULT, Page_slots};
static int books_exec(PyObject *module) { return PyModule_Add(module, "Page", PyType_FromSpec(&Page_spec)); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)books_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "books", .m_slots = slots};
PyMODINIT_FUNC PyInit_books(void) { return PyModuleDef_Init(&definition); }
