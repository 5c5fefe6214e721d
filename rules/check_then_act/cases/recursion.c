// The lock is taken by the only caller from outside; the functions that call one another all run under it.
#include <Python.h>

static PyObject *seen;

static int walk(PyObject *list)
{
    int known = PyDict_Contains(seen, Py_None);
    if (known != 0 || PyDict_SetItem(seen, Py_None, Py_True) < 0) return -1;
    return PyList_Size(list) > 5 ? walk(list) : 0;
}

static int leap(PyObject *list);
static int step(PyObject *list) { return walk(list) + leap(list); }
static int leap(PyObject *list) { return PyList_Size(list) > 4 ? step(list) : 0; }

static PyMutex lock;

static PyObject *f(PyObject *module, PyObject *list)
{
    PyMutex_Lock(&lock);
    int bad = leap(list);
    PyMutex_Unlock(&lock);
    return bad ? NULL : Py_NewRef(Py_None);
}

static int set_up(PyObject *module) { return (seen = PyDict_New()) ? 0 : -1; }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
