// Written through a pointer that a helper is given, read through an alias.
#include <Python.h>

struct pool {
    size_t used, size;
};

static struct pool blocks;

static void grow(struct pool *pool, size_t by) { pool->size += by; }  // expect: FT201

static PyObject *f(PyObject *module, PyObject *by)
{
    grow(&blocks, PyLong_AsSize_t(by));
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    struct pool *mine = &blocks;
    return PyLong_FromSize_t(mine->size);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
