// A full ring of events gives up its oldest. The new one is put into the slot in the same section, before anything can
// let the section go: what the slot held is the caller's from then on, and NULL is returned where there was none.
#include <Python.h>

static PyObject *ring_rotate(PyObject *module, PyObject *args)
{
    PyObject *ring, *event, *oldest = NULL;
    Py_ssize_t at;
    if (!PyArg_ParseTuple(args, "O!nO", &PyList_Type, &ring, &at, &event)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(ring);
    if (at >= 0 && at < PyList_GET_SIZE(ring)) {
        oldest = PyList_GET_ITEM(ring, at);
        PyList_SET_ITEM(ring, at, Py_NewRef(event));
        PySys_WriteStderr("gave up one event\n");
    } else {
        PyErr_SetString(PyExc_IndexError, "no such slot");
    }
    Py_END_CRITICAL_SECTION();
    return oldest;
}

static PyMethodDef methods[] = {
    {"rotate", ring_rotate, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "ring", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_ring(void) { return PyModuleDef_Init(&definition); }
