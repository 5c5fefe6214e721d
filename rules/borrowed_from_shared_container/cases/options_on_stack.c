// A struct on the stack, filled by a converter and a helper: what it carries is the caller's.
#include <Python.h>

typedef struct {
    PyObject *names;
} Options;

static int fill(PyObject *object, Options *options)
{
    options->names = PyObject_GetAttrString(object, "names");
    return options->names != NULL;
}

static PyObject *look(Options *options, PyObject *key)
{
    PyObject *name = PyDict_GetItemWithError(options->names, key);  // expect: FT101
    return name ? PyObject_Str(name) : NULL;
}

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *key, *result;
    Options options;
    if (!PyArg_ParseTuple(args, "OO&", &key, fill, &options)) return NULL;
    result = look(&options, key);
    Py_DECREF(options.names);
    return result;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
