// A function of the C API that runs no Python code looks into the object all the same: without the lock under which
// others replace the reference, it may be gone by then. Who takes the lock, or only asks whether there is an object, is
// fine.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex lock; PyObject *title; PyObject *pages; } Book;

static int book_set_title(Book *self, PyObject *value, void *closure)
{
    if (value == NULL || !PyUnicode_Check(value)) return PyErr_SetString(PyExc_TypeError, "str"), -1;
    PyMutex_Lock(&self->lock);
    PyObject *before = self->title;
    self->title = Py_NewRef(value);
    PyMutex_Unlock(&self->lock);
    Py_XDECREF(before);
    return 0;
}
static PyObject *book_width(Book *self, PyObject *unused)
{
    return PyLong_FromSsize_t(PyUnicode_GetLength(self->title));  // expect: FT303
}
static PyObject *book_room(Book *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    Py_ssize_t width = PyUnicode_GetLength(self->title);
    PyMutex_Unlock(&self->lock);
    return PyLong_FromSsize_t(width);
}
static PyObject *book_named(Book *self, PyObject *unused)
{
    return PyBool_FromLong(self->title != NULL);
}
static PyObject *book_add(Book *self, PyObject *page)
{
    if (PyList_Append(self->pages, page) < 0) return NULL;
    Py_RETURN_NONE;
}
static PyObject *book_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *title;
    if (!PyArg_ParseTuple(args, "U", &title)) return NULL;
    Book *self = (Book *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->title = Py_NewRef(title);
    self->pages = PyList_New(0);
    return (PyObject *)self;
}
static PyMethodDef book_methods[] = {
    {"width", (PyCFunction)book_width, METH_NOARGS, NULL},
    {"room", (PyCFunction)book_room, METH_NOARGS, NULL},
    {"named", (PyCFunction)book_named, METH_NOARGS, NULL},
    {"add", (PyCFunction)book_add, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef book_getset[] = {{"title", NULL, (setter)book_set_title, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyTypeObject Book_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shelf.Book",
    .tp_basicsize = sizeof(Book),
    .tp_methods = book_methods,
    .tp_getset = book_getset,
    .tp_new = book_new,
};
static int shelf_exec(PyObject *module) { return PyModule_AddType(module, &Book_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)shelf_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "shelf", .m_slots = slots};
PyMODINIT_FUNC PyInit_shelf(void) { return PyModuleDef_Init(&definition); }
