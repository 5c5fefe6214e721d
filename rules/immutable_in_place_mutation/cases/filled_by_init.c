// __init__ fills a tuple that it has just made for its object; a method that fills the one it finds there is another
// matter.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *columns;
} Sheet;

static int sheet_init(Sheet *self, PyObject *args, PyObject *kwargs)
{
    if (!(self->columns = PyTuple_New(3))) return -1;
    for (Py_ssize_t i = 0; i < 3; i++) {
        PyObject *number = PyLong_FromSsize_t(i);
        if (number == NULL) return -1;
        PyTuple_SET_ITEM(self->columns, i, number);
    }
    return 0;
}

static PyObject *sheet_name(Sheet *self, PyObject *name)
{
    PyTuple_SET_ITEM(self->columns, 0, Py_NewRef(name));  // expect: FT602
    Py_RETURN_NONE;
}

static PyMethodDef sheet_methods[] = {{"name", (PyCFunction)sheet_name, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Sheet_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "sheets.Sheet",
    .tp_basicsize = sizeof(Sheet),
    .tp_methods = sheet_methods,
    .tp_init = (initproc)sheet_init,
    .tp_new = PyType_GenericNew,
};
static int sheets_exec(PyObject *module) { return PyModule_AddType(module, &Sheet_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)sheets_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "sheets", .m_slots = slots};
PyMODINIT_FUNC PyInit_sheets(void) { return PyModuleDef_Init(&definition); }
