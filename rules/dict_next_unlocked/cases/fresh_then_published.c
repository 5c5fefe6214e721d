// The dict was made here, but it is in a global before the walk.
#include <Python.h>

static PyObject *last;

static PyObject *f(PyObject *module, PyObject *arg)
{
    PyObject *key, *value, *dict = PyDict_New();
    Py_ssize_t pos = 0, n = 0;
    if (dict == NULL || PyDict_Update(dict, arg) < 0) return NULL;
    last = dict;
    while (PyDict_Next(dict, &pos, &key, &value)) n++;  // expect: FT104
    return PyLong_FromSsize_t(n);
}

static PyObject *g(PyObject *module, PyObject *unused) { return Py_XNewRef(last); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
