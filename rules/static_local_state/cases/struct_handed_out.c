// A struct, one field of which is written; its address goes out through a local.
#include <Python.h>

struct range {
    long from, to;
};

static const struct range *whole(long size)
{
    static struct range all;
    const struct range *out = &all;
    all.to = size;  // expect: FT202
    return out;
}

static PyObject *f(PyObject *module, PyObject *size)
{
    return PyLong_FromLong(whole(PyLong_AsLong(size))->to);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
