// __init__ fills a field only where it is unset, and sends a second call away where it is not.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *shelf;
    PyObject *label;
} Book;

static int book_init(Book *self, PyObject *args, PyObject *kwargs)
{
    PyObject *shelf, *label;
    if (!PyArg_ParseTuple(args, "OO", &shelf, &label)) return -1;
    if (self->shelf != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a book stays on its shelf");
        return -1;
    }
    self->shelf = Py_NewRef(shelf);
    Py_XSETREF(self->label, Py_NewRef(label));  // expect: FT309
    return 0;
}
static PyObject *book_shelf(Book *self, PyObject *unused)
{
    return self->shelf == NULL ? Py_NewRef(Py_None) : Py_NewRef(self->shelf);
}
static PyObject *book_label(Book *self, PyObject *unused)
{
    return self->label == NULL ? Py_NewRef(Py_None) : PyObject_Str(self->label);
}

static PyMethodDef book_methods[] = {
    {"shelf", (PyCFunction)book_shelf, METH_NOARGS, NULL},
    {"label", (PyCFunction)book_label, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Book_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "library.Book",
    .tp_basicsize = sizeof(Book),
    .tp_methods = book_methods,
    .tp_init = (initproc)book_init,
    .tp_new = PyType_GenericNew,
};
static int library_exec(PyObject *module) { return PyModule_AddType(module, &Book_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)library_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "library", .m_slots = slots};
PyMODINIT_FUNC PyInit_library(void) { return PyModuleDef_Init(&definition); }
