// A struct in the frame of who passes it, reached by a callback through its void *.
#include <Python.h>

struct sum { long total; int failed; };
typedef void (*visitor)(PyObject *item, void *data);

static void add(PyObject *item, void *data)
{
    struct sum *sum = data;
    if (!sum->failed) sum->failed = !PyLong_Check(item);
    if (!sum->failed) sum->total += PyLong_AsLong(item);
}

static void visit(PyObject *tuple, visitor visitor, void *data)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) visitor(PyTuple_GET_ITEM(tuple, i), data);
}

static PyObject *m_sum(PyObject *module, PyObject *numbers)
{
    struct sum sum = {0, 0};
    visit(numbers, add, &sum);
    return PyLong_FromLong(sum.failed ? -1 : sum.total);
}

static PyMethodDef methods[] = {
    {"sum", m_sum, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
