// A field of a global struct, and an element of a global array.
#include <Python.h>

static struct {
    PyObject *encoder;
} caches;
static PyObject *small[8];

static PyObject *f(PyObject *module, PyObject *text)
{
    if (caches.encoder == NULL) caches.encoder = PyImport_ImportModule("json.encoder");  // expect: FT205
    return Py_XNewRef(caches.encoder);
}

static PyObject *g(PyObject *module, PyObject *number)
{
    long n = PyLong_AsLong(number) & 7;
    if (small[n] == NULL) small[n] = PyFloat_FromDouble((double)n);  // expect: FT205
    return Py_XNewRef(small[n]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
