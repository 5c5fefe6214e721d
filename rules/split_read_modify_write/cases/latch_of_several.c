// A flag that goes up for one of several reasons, and stays: whoever tested it before, it comes to the same. What is
// done on the way to the store on every way is done twice.
#include <Python.h>
#include <stdatomic.h>

typedef struct {
    PyObject_HEAD
    PyObject *source;
    atomic_bool done, begun;
} Take;

static PyObject *take_next(PyObject *op)
{
    Take *self = (Take *)op;
    if (atomic_load(&self->done)) return NULL;
    PyObject *item = PyIter_Next(self->source);
    if (item == NULL || item == Py_None) {
        atomic_store(&self->done, 1);
        Py_CLEAR(item);
    }
    return item;
}
static PyObject *take_begin(PyObject *op, PyObject *f)
{
    Take *self = (Take *)op;
    if (atomic_load(&self->begun)) Py_RETURN_NONE;
    PyObject *result = PyObject_CallNoArgs(f);
    atomic_store(&self->begun, 1);  // expect: FT703
    return result;
}

static PyMethodDef methods[] = {{"begin", take_begin, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot slots[] = {
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, take_next},
    {Py_tp_methods, methods},
    {0, NULL},
};
PyType_Spec spec = {"takes.Take", sizeof(Take), 0, Py_TPFLAGS_DEFAULT, slots};
