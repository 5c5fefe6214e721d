// The same helper, and a method that calls it without the section.
#include <Python.h>

typedef struct { PyObject_HEAD char *page; Py_ssize_t used; } T;

static void wipe(T *self)
{
    PyMem_Free(self->page);
    self->page = NULL;  // expect: FT303
    self->used = 0;  // expect: FT303
}
static PyObject *t_put(T *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->page == NULL) self->page = PyMem_Malloc(64);
    if (self->page != NULL) self->page[self->used++ & 63] = 1;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *t_wipe(T *self, PyObject *unused)
{
    wipe(self);
    Py_RETURN_NONE;
}
static void t_dealloc(T *self)
{
    wipe(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {{"put", (PyCFunction)t_put, METH_NOARGS, NULL}, {"wipe", (PyCFunction)t_wipe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods, .tp_dealloc = (destructor)t_dealloc};
