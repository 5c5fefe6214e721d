// Only a ring that is full gives its oldest event up. Where it is not full the slot keeps its item, which is returned
// all the same, without a reference.
#include <Python.h>

static PyObject *ring_rotate(PyObject *module, PyObject *args)
{
    PyObject *ring, *event, *oldest = NULL;
    int full;
    if (!PyArg_ParseTuple(args, "O!pO", &PyList_Type, &ring, &full, &event)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(ring);
    if (PyList_GET_SIZE(ring) > 0) {
        oldest = PyList_GET_ITEM(ring, 0);  // expect: FT101
        if (full) PyList_SET_ITEM(ring, 0, Py_NewRef(event));
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
