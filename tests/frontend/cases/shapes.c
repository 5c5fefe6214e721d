// Statements that an edit can change, and their neighbours that it must leave alone.
#include "Python.h"

PyObject *take_after_test(PyObject *d, PyObject *k)
{
    PyObject *v = PyDict_GetItemWithError(d, k);
    if (v == NULL)
        return NULL;
    Py_INCREF(v);
    return v;
}

PyObject *take_inside(PyObject *l)
{
    PyObject *v;
    v = PyList_GetItem(l, 0);
    if (v) {
        PyObject *other;
        Py_INCREF(v);
        other = v;
    }
    return v;
}

PyObject *take_unchecked(PyObject *d, PyObject *k)
{
    PyObject *v = PyDict_GetItemWithError(d, k);
    Py_INCREF(v);
    return v;
}

PyObject *used_between(PyObject *d, PyObject *k)
{
    PyObject *v = PyDict_GetItemWithError(d, k);
    if (v == NULL)
        v = k;
    Py_INCREF(v);
    return v;
}

PyObject *goes_on(PyObject *d, PyObject *k)
{
    PyObject *v = PyDict_GetItemWithError(d, k);
    if (v == NULL)
        PyErr_Clear();
    Py_XINCREF(v);
    return v;
}

PyObject *conditional_lines(PyObject *d, PyObject *k)
{
    PyObject *v = PyDict_GetItemWithError(d, k);
#ifdef EXTRA
    use(v);
#endif
    Py_XINCREF(v);
    return v;
}

#define FIND(d, k) PyDict_GetItemWithError(d, k)
PyObject *by_macro(PyObject *d, PyObject *k)
{
    PyObject *v = FIND(d, k);
    Py_XINCREF(v);
    return v;
}

struct holder { PyObject *found; };
void into_field(struct holder *h, PyObject *d, PyObject *k)
{
    h->found = PyDict_GetItemWithError(d, k);
    Py_XINCREF(h->found);
}

Py_ssize_t walk(PyObject *d)
{
    PyObject *k, *v;
    Py_ssize_t at = 0, n = 0;
    while (PyDict_Next(d, &at, &k, &v)) {
        if (v == d) continue;
        if (k == d) break;
        switch (n) { case 7: n = 9; break; }
        n++;
    }
    return n;
}

Py_ssize_t walk_and_return(PyObject *d)
{
    PyObject *k, *v;
    Py_ssize_t at = 0;
    while (PyDict_Next(d, &at, &k, &v)) {
        if (v == d) return at;
    }
    return 0;
}

Py_ssize_t walk_and_go(PyObject *d)
{
    PyObject *k, *v;
    Py_ssize_t at = 0;
    for (; PyDict_Next(d, &at, &k, &v);) {
        if (v == d) goto out;
    }
out:
    return at;
}

Py_ssize_t walk_another(PyObject *d, PyObject *e)
{
    PyObject *k, *v;
    Py_ssize_t at = 0;
    while (PyDict_Next(d, &at, &k, &v)) {
        d = e;
    }
    return at;
}

Py_ssize_t walk_alone(PyObject *d, int really)
{
    PyObject *k, *v;
    Py_ssize_t at = 0;
    if (really)
        while (PyDict_Next(d, &at, &k, &v)) {
            really++;
        }
    return at;
}

Py_ssize_t walk_made(PyObject *(*make)(void))
{
    PyObject *k, *v;
    Py_ssize_t at = 0;
    while (PyDict_Next(make(), &at, &k, &v)) {
        at++;
    }
    return at;
}
