// `continue` begins the section again while it is open.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long n;
} Box;

static PyObject *Box_drain(Box *self, PyObject *unused)
{
    long odd = 0;
    for (int i = 0; i < 10; i++) {
        Py_BEGIN_CRITICAL_SECTION(self);
        self->n--;
        if (self->n % 2 == 0) continue;  // expect: FT401
        odd++;
        Py_END_CRITICAL_SECTION();
    }
    return PyLong_FromLong(odd);
}

static PyMethodDef Box_methods[] = {
    {"drain", (PyCFunction)Box_drain, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "box.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Box_methods,
};
static int box_exec(PyObject *module) { return PyModule_AddType(module, &Box_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)box_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "box", .m_slots = slots};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
