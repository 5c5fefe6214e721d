// A mutex stays locked through calls: what it protects cannot change under them.
#include <Python.h>

static PyMutex lock;
static PyObject *table;

static PyObject *f(PyObject *module, PyObject *key)
{
    PyObject *text = NULL;
    PyMutex_Lock(&lock);
    PyObject *value = PyDict_GetItemWithError(table, key);
    if (value != NULL && PyObject_IsTrue(value) > 0) text = PyObject_Str(value);
    PyMutex_Unlock(&lock);
    return text;
}

static PyObject *put(PyObject *module, PyObject *key)
{
    PyMutex_Lock(&lock);
    int bad = PyDict_SetItem(table, key, key);
    PyMutex_Unlock(&lock);
    return bad ? NULL : Py_NewRef(Py_None);
}

static int set_up(PyObject *module) { return (table = PyDict_New()) ? 0 : -1; }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"put", put, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
