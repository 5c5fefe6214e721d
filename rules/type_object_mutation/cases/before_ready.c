// Made ready on first use: what is set before PyType_Ready is nobody's yet (that two threads may come here is FT203's).
#include <Python.h>

static PyTypeObject Node = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Node", .tp_basicsize = sizeof(PyObject)};

static PyObject *f(PyObject *module, PyObject *unused)
{
    Node.tp_flags = Py_TPFLAGS_DEFAULT;
    Node.tp_new = PyType_GenericNew;
    if (PyType_Ready(&Node) < 0) return NULL;
    Node.tp_new = NULL;  // expect: FT209
    return PyObject_CallNoArgs((PyObject *)&Node);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
