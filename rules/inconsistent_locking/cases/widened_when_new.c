// One caller holds the section, the other has just made the object.
#include <Python.h>

typedef struct { PyObject_HEAD long *cells; Py_ssize_t room; } T;
extern PyTypeObject T_Type;

static int widen(T *self, Py_ssize_t by)
{
    long *more = PyMem_Realloc(self->cells, (self->room + by) * sizeof(long));
    if (more == NULL) return -1;
    self->cells = more;
    self->room += by;
    return 0;
}
static PyObject *t_widen(T *self, PyObject *unused)
{
    int status;
    Py_BEGIN_CRITICAL_SECTION(self);
    status = widen(self, 8);
    Py_END_CRITICAL_SECTION();
    return status < 0 ? PyErr_NoMemory() : Py_NewRef(Py_None);
}
static PyObject *t_like(T *self, PyObject *other)
{
    T *made = PyObject_New(T, &T_Type);
    if (made == NULL) return NULL;
    made->cells = NULL;
    made->room = 0;
    if (widen(made, 4) < 0) Py_CLEAR(made);
    return (PyObject *)made;
}

static PyMethodDef methods[] = {{"widen", (PyCFunction)t_widen, METH_NOARGS, NULL}, {"like", (PyCFunction)t_like, METH_O, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
