// Through a local, a wrapper, a global and a resize.
#include <Python.h>

static void *make(size_t n) { void *p = malloc(n); return p ? p : malloc(1); }
static char *scratch;

static PyObject *f(PyObject *module, PyObject *unused)
{
    char *a = make(4), *b = PyMem_RawMalloc(4), *c = PyObject_Malloc(4);
    PyMem_Free(a);  // expect: FT606
    b = PyMem_Realloc(b, 8);  // expect: FT606
    PyMem_Free(b);
    PyObject_Free(c);
    PyMem_RawFree(scratch);  // expect: FT606
    scratch = PyMem_New(char, 7);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
