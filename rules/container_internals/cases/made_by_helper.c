// What a helper has just made is nobody else's, where its other way out is an error; what it keeps as well is not.
#include <Python.h>

static PyObject *kept;

static PyObject *room(PyTypeObject *type, Py_ssize_t n)
{
    PyObject **items = NULL;
    PyListObject *made = (PyListObject *)type->tp_alloc(type, 0);
    if (!made) return NULL;
    if (n > 0 && !(items = PyMem_Calloc(n, sizeof(PyObject *)))) {
        Py_DECREF(made);
        return PyErr_NoMemory();
    }
    made->ob_item = items;
    Py_SET_SIZE(made, n);
    return (PyObject *)made;
}

static PyObject *kept_room(Py_ssize_t n)
{
    if (!kept) kept = PyList_New(n);
    return kept ? Py_NewRef(kept) : PyErr_NoMemory();
}

static PyObject *make(PyObject *m, PyObject *type)
{
    PyListObject *made = (PyListObject *)room((PyTypeObject *)type, 2);
    if (!made) return NULL;
    PyObject **items = made->ob_item;
    for (Py_ssize_t i = 0; i < 2; i++) items[i] = Py_NewRef(m);
    return (PyObject *)made;
}

static PyObject *make_kept(PyObject *m, PyObject *unused)
{
    PyListObject *made = (PyListObject *)kept_room(2);
    if (!made) return NULL;
    PyObject **items = made->ob_item;  // expect: FT107
    for (Py_ssize_t i = 0; i < 2; i++) items[i] = Py_NewRef(m);
    return (PyObject *)made;
}

static PyMethodDef methods[] = {
    {"make", make, METH_O, NULL}, {"make_kept", make_kept, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
