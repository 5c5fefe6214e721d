// Where the lock was to be given back it is taken a second time: told there, and not for those who call it twice. Who
// keeps the lock for its caller on purpose is another thing.
#include <Python.h>

static PyMutex mutex, gate;
static long total;

static void add(long number)
{
    PyMutex_Lock(&mutex);
    total += number;
    PyMutex_Lock(&mutex);  // expect: FT407
}

static void begin(void) { add(1); }

static PyObject *sum(PyObject *module, PyObject *unused)
{
    begin();
    add(2);
    Py_RETURN_NONE;
}

static void enter(void) { PyMutex_Lock(&gate); }
static void leave(void) { PyMutex_Unlock(&gate); }

static long counted(void)
{
    static long count;
    PyMutex_Lock(&gate);
    long now = ++count;
    PyMutex_Unlock(&gate);
    return now;
}

static PyObject *count(PyObject *module, PyObject *unused)
{
    enter();
    long now = counted();  // expect: FT407
    leave();
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {
    {"sum", sum, METH_NOARGS, NULL},
    {"count", count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
