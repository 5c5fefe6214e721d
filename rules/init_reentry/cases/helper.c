// The write is in a helper that only __init__ calls.
#include <Python.h>

typedef struct { PyObject_HEAD double *grid; int side; } A;

static int resize(A *a, int side)
{
    double *grid = PyMem_Calloc(side * side, sizeof *grid);
    if (grid == NULL) return -1;
    PyMem_Free(a->grid);
    a->grid = grid;  // expect: FT309
    a->side = side;
    return 0;
}

static int a_init(A *self, PyObject *args, PyObject *kwargs)
{
    int side;
    if (!PyArg_ParseTuple(args, "i", &side)) return -1;
    return resize(self, side);
}

static PyObject *a_corner(A *self, PyObject *unused) { return PyFloat_FromDouble(self->grid[self->side * self->side - 1]); }

static PyMethodDef a_methods[] = {
    {"corner", (PyCFunction)a_corner, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_init = (initproc)a_init,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
