// A library that may do without the lock says so each time it is asked: who asks before he takes the lock, and again
// before he gives it back, gets the same answer.
#include <Python.h>

int library_locks_itself(void);
int library_is_open(void);
int library_read(int *out);
static PyMutex library_lock;

#define LOCK_LIBRARY() (library_locks_itself() == 0 ? PyMutex_Lock(&library_lock) : (void)0)
#define UNLOCK_LIBRARY() (library_locks_itself() == 0 ? PyMutex_Unlock(&library_lock) : (void)0)

static PyObject *library_get(PyObject *module, PyObject *unused)
{
    int value = 0;
    LOCK_LIBRARY();
    if (library_read(&value) != 0) {
        UNLOCK_LIBRARY();
        return PyErr_NoMemory();
    }
    UNLOCK_LIBRARY();
    return PyLong_FromLong(value);
}

static PyObject *library_sum(PyObject *module, PyObject *unused)
{
    long sum = 0;
    int value = 0;
    if (!library_locks_itself())
        PyMutex_Lock(&library_lock);
    while (library_read(&value) == 0)
        sum += value;
    if (!library_locks_itself())
        PyMutex_Unlock(&library_lock);
    return PyLong_FromLong(sum);
}

// The way out that forgets it.
static PyObject *library_peek(PyObject *module, PyObject *unused)
{
    int value = 0;
    LOCK_LIBRARY();
    if (library_read(&value) != 0)
        return PyErr_NoMemory();  // expect: FT407
    UNLOCK_LIBRARY();
    return PyLong_FromLong(value);
}

// Another question: what is said of it says nothing of the lock.
static PyObject *library_last(PyObject *module, PyObject *unused)
{
    int value = 0;
    if (!library_locks_itself())
        PyMutex_Lock(&library_lock);
    library_read(&value);
    if (!library_is_open())
        PyMutex_Unlock(&library_lock);
    return PyLong_FromLong(value);  // expect: FT407
}

static PyMethodDef methods[] = {
    {"get", library_get, METH_NOARGS, NULL},
    {"sum", library_sum, METH_NOARGS, NULL},
    {"peek", library_peek, METH_NOARGS, NULL},
    {"last", library_last, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "library", NULL, 0, methods, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_library(void) { return PyModuleDef_Init(&definition); }
