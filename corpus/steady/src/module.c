/* steady: the module, its state and its functions. */
#include "steady.h"

#include <time.h>

double steady_ticks_per_second;

State *state_of(PyObject *object)
{
    return PyType_GetModuleState(Py_TYPE(object));
}

static PyObject *steady_memory(PyObject *module, PyObject *args)
{
    State *state = PyModule_GetState(module);
    long memory = 0;
    if (!PyArg_ParseTuple(args, "|l:memory", &memory)) return NULL;
    if (memory < 0) return PyErr_Format(PyExc_ValueError, "memory() needs a positive number");
    return PyLong_FromLong(memory ? atomic_exchange(&state->memory, memory) : atomic_load(&state->memory));
}

static PyObject *steady_stamp(PyObject *module, PyObject *arg)
{
    long long seconds = PyLong_AsLongLong(arg);
    time_t when = (time_t)seconds;
    struct tm parts;
    char text[32];
    if (seconds == -1 && PyErr_Occurred()) return NULL;
    if (gmtime_r(&when, &parts) == NULL) return PyErr_SetFromErrno(PyExc_OSError);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return PyUnicode_FromString(text);
}

static PyObject *steady_ticks(PyObject *module, PyObject *unused)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) return PyErr_SetFromErrno(PyExc_OSError);
    return PyFloat_FromDouble(((double)now.tv_sec + 1e-9 * (double)now.tv_nsec) * steady_ticks_per_second);
}

/* Writes to whatever sys.stdout is at the moment, which stays alive until it is written. */
static PyObject *steady_show(PyObject *module, PyObject *arg)
{
    PyObject *sys = PyImport_ImportModule("sys"), *out;
    int failed;
    if (sys == NULL) return NULL;
    out = PyObject_GetAttrString(sys, "stdout");
    Py_DECREF(sys);
    if (out == NULL) return NULL;
    failed = PyFile_WriteObject(arg, out, Py_PRINT_RAW) < 0 || PyFile_WriteString("\n", out) < 0;
    Py_DECREF(out);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyTypeObject *add_type(PyObject *module, PyType_Spec *spec)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    if (type != NULL && PyModule_AddType(module, type) < 0) Py_CLEAR(type);
    return type;
}

static int steady_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    PyObject *name = PyDict_GetItemString(PyModule_GetDict(module), "__name__");
    if (name == NULL || PyModule_AddObjectRef(module, "made_by", name) < 0) return -1;
    steady_ticks_per_second = 1e6;
    atomic_init(&state->memory, 1024);
    state->default_unit = PyUnicode_InternFromString("");
    state->counter_type = add_type(module, &counter_spec);
    state->series_type = add_type(module, &series_spec);
    state->registry_type = add_type(module, &registry_spec);
    return state->default_unit && state->counter_type && state->series_type && state->registry_type ? 0 : -1;
}

static int steady_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->counter_type);
    Py_VISIT(state->series_type);
    Py_VISIT(state->registry_type);
    return 0;
}

static int steady_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->counter_type);
    Py_CLEAR(state->series_type);
    Py_CLEAR(state->registry_type);
    Py_CLEAR(state->default_unit);
    return 0;
}

static void steady_free(void *module)
{
    steady_clear(module);
}

static PyMethodDef methods[] = {
    {"memory", steady_memory, METH_VARARGS, "memory(values=None)"},
    {"stamp", steady_stamp, METH_O, "stamp(seconds)"},
    {"ticks", steady_ticks, METH_NOARGS, "ticks()"},
    {"show", steady_show, METH_O, "show(object)"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)steady_exec},
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};

struct PyModuleDef steady_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "steady",
    .m_doc = "Measurements by name.",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = steady_traverse,
    .m_clear = steady_clear,
    .m_free = steady_free,
};

PyMODINIT_FUNC PyInit_steady(void)
{
    return PyModuleDef_Init(&steady_definition);
}
