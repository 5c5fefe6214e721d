// Macros of the API are seen by name, with what was given to them; macros of the project are looked through.
#include <Python.h>

#define ITEM(list, i) PyList_GET_ITEM(list, i)
#define SAFE_ITEM(list, i) (Py_INCREF(PyList_GET_ITEM(list, i)), PyList_GET_ITEM(list, i))
#define CHECKED(x) do { if ((x) == NULL) goto failed; } while (0)

typedef struct { PyObject_HEAD PyObject *item; PyObject *other; } Box;

PyObject *direct(PyObject *list, Py_ssize_t i) { return PyList_GET_ITEM(list, i + 1); }
PyObject *through_own(PyObject *list) { return ITEM(list, 0); }
PyObject *twice(PyObject *list) { return SAFE_ITEM(list, 0); }
PyObject *nested(PyObject *rows) { return PyList_GET_ITEM(PyList_GET_ITEM(rows, 1), 2); }
PyObject *fast(PyObject *seq, Py_ssize_t i) { return PySequence_Fast_GET_ITEM(seq, i); }
PyObject **fast_items(PyObject *seq) { return PySequence_Fast_ITEMS(seq); }
void put(PyObject *list, PyObject *value) { PyList_SET_ITEM(list, 0, value); }
void clear(Box *self) { Py_CLEAR(self->item); }
void drop(Box *self) { Py_XDECREF(self->item); Py_DECREF(self->other); }
int unique(PyObject *x) { return Py_REFCNT(x) == 1; }
PyObject *counted_borrow(PyObject *list)
{
    PyObject *x = PyList_GET_ITEM(list, 0);
    CHECKED(x);
    Py_INCREF(x);
    return x;
failed:
    Py_RETURN_NONE;
}
