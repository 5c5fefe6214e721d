// Functions of a library that are looked up one by one whenever somebody opens it: one lock mends them all, and they are
// told once. What another function sets is another matter.
#include <Python.h>
#include <dlfcn.h>

static int (*pump_open)(int);
static int (*pump_run)(int);
static int (*pump_close)(int);
static const char *pump_name;

static PyObject *load(PyObject *module, PyObject *unused)
{
    void *library = dlopen("libpump.so", RTLD_NOW);
    if (library == NULL) Py_RETURN_FALSE;
    pump_open = (int (*)(int))dlsym(library, "pump_open");  // expect: FT201
    pump_run = (int (*)(int))dlsym(library, "pump_run");
    pump_close = (int (*)(int))dlsym(library, "pump_close");
    Py_RETURN_TRUE;
}

static PyObject *run(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(pump_open(1) + pump_run(1) + pump_close(1) + (pump_name != NULL));
}

static PyObject *name(PyObject *module, PyObject *unused)
{
    pump_name = dlerror();  // expect: FT201
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"load", load, METH_NOARGS, NULL},
    {"run", run, METH_NOARGS, NULL},
    {"name", name, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "pumps", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_pumps(void) { return PyModuleDef_Init(&definition); }
