// Whoever has made sure that nobody else has a list may read its array; one who only looked at the count of another, or
// whose list others have, may not. As Cython writes it, the way of asking is chosen by a constant.
#include <Python.h>

int PyUnstable_Object_IsUniquelyReferenced(PyObject *object);
enum how { own, given };
#define NOBODY_ELSES(object, how) ((how) == own ? PyUnstable_Object_IsUniquelyReferenced(object) : 0)

static PyObject *
marks_of(PyObject *self, PyObject *boat)
{
    PyObject *marks = PyObject_GetAttrString(boat, "marks");
    if (marks == NULL) {
        return NULL;
    }
    PyObject *first = NOBODY_ELSES(marks, own) ? Py_NewRef(PyList_GET_ITEM(marks, 0)) : PyList_GetItemRef(marks, 0);
    Py_DECREF(marks);
    return first;
}

static PyObject *
legs_of(PyObject *self, PyObject *boat)
{
    PyObject *legs = PyObject_GetAttrString(boat, "legs");
    if (legs == NULL) {
        return NULL;
    }
    PyObject *first = NOBODY_ELSES(boat, own) ? Py_NewRef(PyList_GET_ITEM(legs, 0)) : PyList_GetItemRef(legs, 0);  // expect: FT107
    Py_DECREF(legs);
    return first;
}

static PyObject *
buoys_of(PyObject *self, PyObject *boat)
{
    PyObject *buoys = PyObject_GetAttrString(boat, "buoys");
    if (buoys == NULL) {
        return NULL;
    }
    PyObject *first = NOBODY_ELSES(buoys, own) ? PyList_GetItemRef(buoys, 0) : Py_NewRef(PyList_GET_ITEM(buoys, 0));  // expect: FT107
    Py_DECREF(buoys);
    return first;
}

static PyMethodDef methods[] = {
    {"marks_of", marks_of, METH_O, ""}, {"legs_of", legs_of, METH_O, ""}, {"buoys_of", buoys_of, METH_O, ""}, {NULL, NULL, 0, NULL}};
