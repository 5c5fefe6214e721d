// A watcher for dicts, added by a call instead of by initialisation.
#include <Python.h>

static int changed(PyDict_WatchEvent event, PyObject *dict, PyObject *key, PyObject *value) { return 0; }

static int watcher;

static int m_exec(PyObject *module) { return (watcher = PyDict_AddWatcher(changed)) < 0 ? -1 : 0; }

static PyObject *f(PyObject *module, PyObject *dict)
{
    int own = PyDict_AddWatcher(changed);  // expect: FT209
    if (own < 0 || PyDict_Watch(watcher, dict) < 0) return NULL;
    return PyLong_FromLong(own);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
