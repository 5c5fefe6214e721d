// A list that this function made and nobody else has is read while detached: a macro looks at its memory, counts
// nothing and waits for nobody. Of the caller's list, and by a function, it is wrong.
#include <Python.h>

extern double digest(const void *object);

static PyObject *own(PyObject *module, PyObject *arg)
{
    PyObject *parts = PySequence_List(arg);
    double sum = 0;
    if (parts == NULL) return NULL;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) sum += digest(PyList_GET_ITEM(parts, i));
    Py_END_ALLOW_THREADS
    Py_DECREF(parts);
    return PyFloat_FromDouble(sum);
}

static PyObject *callers(PyObject *module, PyObject *list)
{
    double sum = 0;
    if (!PyList_Check(list)) return PyErr_Format(PyExc_TypeError, "a list");
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        sum += digest(PyList_GET_ITEM(list, i));  // expect: FT107, FT501
    Py_END_ALLOW_THREADS
    return PyFloat_FromDouble(sum);
}

static PyObject *by_function(PyObject *module, PyObject *arg)
{
    PyObject *parts = PySequence_List(arg);
    double sum = 0;
    if (parts == NULL) return NULL;
    Py_BEGIN_ALLOW_THREADS
    sum = digest(PyList_GetItem(parts, 0));  // expect: FT501
    Py_END_ALLOW_THREADS
    Py_DECREF(parts);
    return PyFloat_FromDouble(sum);
}

static PyMethodDef methods[] = {
    {"own", own, METH_O, NULL},
    {"callers", callers, METH_O, NULL},
    {"by_function", by_function, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "digests", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_digests(void) { return PyModuleDef_Init(&definition); }
