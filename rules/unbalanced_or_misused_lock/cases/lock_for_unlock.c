// A slip of the pen: the second macro should have been the other one.
#include <Python.h>

#define ENTER PyMutex_Lock(&mutex)
#define LEAVE PyMutex_Unlock(&mutex)

static PyMutex mutex;
static long n;

static long step(void)
{
    long now;
    ENTER;
    now = ++n;
    ENTER;  // expect: FT407
    return now;
}

static PyObject *count_step(PyObject *module, PyObject *unused) { return PyLong_FromLong(step()); }

static PyObject *count_read(PyObject *module, PyObject *unused)
{
    ENTER;
    long now = n;
    LEAVE;
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {
    {"step", count_step, METH_NOARGS, NULL},
    {"read", count_read, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
