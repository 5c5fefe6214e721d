// A row of globals that one line of a macro stores is one finding; one that is stored elsewhere is another.
#include <Python.h>
#include <dlfcn.h>

#define CALLS(X) X(open) X(close) X(flush)
#define DECLARE(name) static void *call_##name;
CALLS(DECLARE)
static void *handle;

static PyObject *load(PyObject *module, PyObject *arg)
{
    const char *path = PyUnicode_AsUTF8(arg);
    if (path == NULL) return NULL;
    handle = dlopen(path, RTLD_NOW);  // expect: FT201
#define FIND(name) call_##name = dlsym(handle, #name);
    CALLS(FIND)  // expect: FT201
    Py_RETURN_NONE;
}
static PyObject *known(PyObject *module, PyObject *unused)
{
    int count = 0;
#define COUNT(name) count += call_##name != NULL;
    CALLS(COUNT)
    return PyLong_FromLong(count + (handle != NULL));
}
static PyMethodDef methods[] = {
    {"load", load, METH_O, NULL},
    {"known", known, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "calls", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_calls(void) { return PyModuleDef_Init(&definition); }
