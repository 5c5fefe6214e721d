// The size of the header as an amount: told, allocated, compared. It is an offset where a pointer is moved by it, also
// when a variable carries it there.
#include <Python.h>

static PyObject *shelf_sizeof(PyObject *self, PyObject *unused)
{
    Py_ssize_t total = sizeof(PyObject) + 3 * sizeof(double);
    total += sizeof(PyVarObject);
    return PyLong_FromSsize_t(total);
}

static PyObject *shelf_header(PyObject *module, PyObject *unused)
{
    void *spare = PyMem_Malloc(sizeof(PyObject) + 16);
    if (spare == NULL) return PyErr_NoMemory();
    PyMem_Free(spare);
    return PyLong_FromSize_t(sizeof(PyObject));
}

static PyObject *shelf_first(PyObject *module, PyObject *book)
{
    const double *pages = (const double *)((char *)book + sizeof(PyObject));  // expect: FT008
    return PyFloat_FromDouble(pages[0]);
}

static PyObject *shelf_second(PyObject *module, PyObject *book)
{
    size_t skip = sizeof(PyObject) + sizeof(double);  // expect: FT008
    const char *bytes = (const char *)book;
    return PyLong_FromLong(bytes[skip]);
}

static PyMethodDef methods[] = {
    {"sizeof_", shelf_sizeof, METH_NOARGS, NULL},
    {"header", shelf_header, METH_NOARGS, NULL},
    {"first", shelf_first, METH_O, NULL},
    {"second", shelf_second, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "shelf", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_shelf(void) { return PyModuleDef_Init(&definition); }
