// The object goes through a local that is used again before the section is opened on it by another name.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long edits;
} Sheet;

typedef struct {
    PyObject_HEAD
    Sheet *sheet;
} Window;

static PyObject *edit(Sheet *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->edits++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *touch(Window *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *passing, *locked;
    Sheet *sheet;
    passing = Py_NewRef((PyObject *)self->sheet);
    sheet = (Sheet *)passing;
    passing = NULL;
    locked = (PyObject *)sheet;
    Py_BEGIN_CRITICAL_SECTION(locked);
    sheet->edits++;
    Py_END_CRITICAL_SECTION();
    Py_DECREF(sheet);
    return Py_NewRef(passing == NULL ? Py_None : passing);
}

static PyObject *scribble(Window *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *locked = (PyObject *)self;
    Sheet *sheet = (Sheet *)Py_NewRef((PyObject *)self->sheet);
    Py_BEGIN_CRITICAL_SECTION(locked);
    sheet->edits++;  // expect: FT403
    Py_END_CRITICAL_SECTION();
    Py_DECREF(sheet);
    Py_RETURN_NONE;
}

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *sheet;
    if (!PyArg_ParseTuple(args, "O", &sheet)) return NULL;
    Window *self = (Window *)type->tp_alloc(type, 0);
    if (self != NULL) self->sheet = (Sheet *)Py_NewRef(sheet);
    return (PyObject *)self;
}

static PyMethodDef sheet_methods[] = {
    {"edit", (PyCFunction)edit, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Sheet_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "desk.Sheet",
    .tp_basicsize = sizeof(Sheet),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = sheet_methods,
    .tp_new = PyType_GenericNew,
};
static PyMethodDef window_methods[] = {
    {"touch", (PyCFunction)touch, METH_NOARGS, NULL},
    {"scribble", (PyCFunction)scribble, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Window_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "desk.Window",
    .tp_basicsize = sizeof(Window),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = window_methods,
    .tp_new = make,
};
