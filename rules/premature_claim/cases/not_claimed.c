// No promise, no premature one: FT001 tells the maintainer.
#include <Python.h>

static PyObject *cache;

static PyObject *get(PyObject *module, PyObject *unused)
{
    if (cache == NULL) cache = PyDict_New();
    return Py_XNewRef(cache);
}

static PyMethodDef methods[] = {{"get", get, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "quiet", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_quiet(void) { return PyModuleDef_Init(&definition); }
