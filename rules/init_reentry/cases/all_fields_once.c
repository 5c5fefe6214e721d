// __init__ again replaces three fields: one finding for the type. Getters that lock do what they should; the one that
// does not is a side.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *host, *path, *query;
} Address;

static int Address_init(Address *self, PyObject *args, PyObject *kwargs)
{
    PyObject *host, *path, *query;
    if (!PyArg_ParseTuple(args, "OOO", &host, &path, &query)) return -1;
    Py_XSETREF(self->host, Py_NewRef(host));
    Py_XSETREF(self->path, Py_NewRef(path));  // expect: FT309
    Py_XSETREF(self->query, Py_NewRef(query));
    return 0;
}
static PyObject *Address_host(Address *self, PyObject *unused)
{
    PyObject *value;
    Py_BEGIN_CRITICAL_SECTION(self);
    value = Py_NewRef(self->host ? self->host : Py_None);  // no-side: FT309
    Py_END_CRITICAL_SECTION();
    return value;
}
static PyObject *Address_path(Address *self, PyObject *unused)
{
    return Py_NewRef(self->path ? self->path : Py_None);  // side: FT309
}
static PyObject *Address_query(Address *self, PyObject *unused)
{
    PyObject *value;
    Py_BEGIN_CRITICAL_SECTION(self);
    value = Py_NewRef(self->query ? self->query : Py_None);
    Py_END_CRITICAL_SECTION();
    return value;
}
static PyMethodDef Address_methods[] = {
    {"host", (PyCFunction)Address_host, METH_NOARGS, NULL},
    {"path", (PyCFunction)Address_path, METH_NOARGS, NULL},
    {"query", (PyCFunction)Address_query, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Address_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "addresses.Address",
    .tp_basicsize = sizeof(Address),
    .tp_methods = Address_methods,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Address_init,
};
static int addresses_exec(PyObject *module) { return PyModule_AddType(module, &Address_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)addresses_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "addresses", .m_slots = slots};
PyMODINIT_FUNC PyInit_addresses(void) { return PyModuleDef_Init(&definition); }
