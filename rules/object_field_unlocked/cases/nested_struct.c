// The field lies in a struct inside the object, and is reached through its address.
#include <Python.h>

struct window { double left, right; };
typedef struct { PyObject_HEAD struct window view; } A;

static void shift(struct window *w, double by)
{
    w->left += by;  // expect: FT301
    w->right += by;
}

static PyObject *a_pan(A *self, PyObject *unused)
{
    struct window *w = &self->view;
    shift(w, 1.0);
    Py_RETURN_NONE;
}

static PyObject *a_width(A *self, PyObject *unused) { return PyFloat_FromDouble(self->view.right - self->view.left); }

static PyMethodDef a_methods[] = {
    {"pan", (PyCFunction)a_pan, METH_NOARGS, NULL},
    {"width", (PyCFunction)a_width, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
