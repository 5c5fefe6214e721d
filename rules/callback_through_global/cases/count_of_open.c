// What is open is counted here and in the callback: a count is no argument of it.
#include <Python.h>

typedef void (*Callback)(int fd);

static int active;
static Callback callbacks[16];

static int watch(int fd, Callback callback)
{
    callbacks[fd & 15] = callback;
    return 0;
}

static void closed(int fd)
{
    callbacks[fd & 15] = NULL;
    active--;
}

static PyObject *reopen(PyObject *m, PyObject *arg)
{
    int fd = (int)PyLong_AsLong(arg);
    active--;
    if (watch(fd, closed) == 0) active++;
    Py_RETURN_NONE;
}

static PyObject *fire(PyObject *m, PyObject *arg)
{
    int fd = (int)PyLong_AsLong(arg);
    if (callbacks[fd & 15]) callbacks[fd & 15](fd);
    return PyLong_FromLong(active);
}

static PyMethodDef methods[] = {
    {"reopen", reopen, METH_O, NULL}, {"fire", fire, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
