// Blocks that an ordinary call gives back: plain shared state (FT201).
#include <Python.h>

static void *spare[8];
static int used;

static PyObject *f(PyObject *module, PyObject *unused)
{
    void *block = used > 0 ? spare[--used] : PyMem_RawMalloc(64);
    if (block == NULL) return PyErr_NoMemory();
    if (used < 8) spare[used++] = block;  // missed: FT207
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
