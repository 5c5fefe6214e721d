// A struct copied to the stack is the function's own, though the pointers in it lead where they led.
#include <Python.h>

typedef struct {
    int *values;
    int limit;
} Context;

typedef struct {
    PyObject_HEAD
    Context context;
    int calls;
} Loop;

static int run(Context *context)
{
    return context->values[0] + context->limit;
}

static PyObject *Loop_run(Loop *self, PyObject *unused)
{
    int own[4] = {0};
    Context context = self->context;
    context.values = own;
    context.limit = 4;
    self->calls++;  // expect: FT301
    return PyLong_FromLong(run(&context) + self->context.limit);
}

static PyMethodDef Loop_methods[] = {{"run", (PyCFunction)Loop_run, METH_NOARGS, NULL}, {NULL}};

static PyTypeObject Loop_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "loops.Loop",
    .tp_basicsize = sizeof(Loop),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Loop_methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "loops", NULL, -1, NULL};

PyMODINIT_FUNC PyInit_loops(void)
{
    if (PyType_Ready(&Loop_Type) < 0) return NULL;
    return PyModule_Create(&module);
}
