// Two types with one head: tp_dealloc looks at the list through the head, which no offsetof names. A reference that lies
// where the other type has its list is none.
#include <Python.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    PyObject *references;
} Head;
typedef struct {
    PyObject_HEAD
    PyObject *references;
    long pages;
} Book;
typedef struct {
    PyObject_HEAD
    PyObject *owner;
    PyObject *references;
} Ticket;

static void head_dealloc(Head *self)
{
    if (self->references != NULL)  // expect: FT317
        PyObject_ClearWeakRefs((PyObject *)self);
    Py_TYPE(self)->tp_free(self);
}
static void ticket_dealloc(Ticket *self)
{
    if (self->owner != NULL) {
        PyObject_ClearWeakRefs((PyObject *)self);
        Py_DECREF(self->owner);
    }
    Py_TYPE(self)->tp_free(self);
}

static PyTypeObject Book_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "desk.Book",
    .tp_basicsize = sizeof(Book),
    .tp_weaklistoffset = offsetof(Book, references),
    .tp_dealloc = (destructor)head_dealloc,
    .tp_new = PyType_GenericNew,
};
static PyTypeObject Ticket_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "desk.Ticket",
    .tp_basicsize = sizeof(Ticket),
    .tp_weaklistoffset = offsetof(Ticket, references),
    .tp_dealloc = (destructor)ticket_dealloc,
    .tp_new = PyType_GenericNew,
};
static int desk_exec(PyObject *module)
{
    return PyModule_AddType(module, &Book_Type) < 0 ? -1 : PyModule_AddType(module, &Ticket_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)desk_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "desk", .m_slots = slots};
PyMODINIT_FUNC PyInit_desk(void) { return PyModuleDef_Init(&definition); }
