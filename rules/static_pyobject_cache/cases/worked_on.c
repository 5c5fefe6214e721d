// A list made on first use that every finalizer puts into and takes out of; one that is only appended to.
#include <Python.h>

static PyObject *stack, *names;

typedef struct {
    PyObject_HEAD
    PyObject *item;
} Object;

static void finalize(PyObject *self)
{
    if (!stack) stack = PyList_New(0);  // expect: FT205
    PyList_Append(stack, ((Object *)self)->item);
    Py_ssize_t n = PyList_GET_SIZE(stack);
    if (n == 0) return;
    PyObject *last = PyList_GetItem(stack, n - 1);
    Py_XDECREF(last);
    PyList_SET_ITEM(stack, n - 1, NULL);
    Py_SET_SIZE(stack, n - 1);
}

static PyObject *note(PyObject *self, PyObject *name)
{
    if (!names) names = PyList_New(0);  // expect: FT205
    if (PyList_Append(names, name) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef object_methods[] = {{"note", note, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Object_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Object",
    .tp_basicsize = sizeof(Object),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = object_methods,
    .tp_finalize = finalize,
};

static int fill(PyObject *m) { return PyModule_AddType(m, &Object_type); }

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
