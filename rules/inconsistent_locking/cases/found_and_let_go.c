// What a helper finds under the lock is found for as long as the lock is held: a caller that gives it back first follows
// a pointer that others free. Who stays under the lock is fine.
#include <Python.h>

typedef struct Stop { struct Stop *next; long key, trains; } Stop;

static PyMutex line_lock;
static Stop *line;

static Stop *first_stop(void)
{
    return line;
}
static PyObject *trains(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&line_lock);
    Stop *stop = first_stop();
    PyMutex_Unlock(&line_lock);
    return PyLong_FromLong(stop == NULL ? 0 : stop->trains);  // expect: FT303
}
static PyObject *key(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&line_lock);
    Stop *stop = first_stop();
    long found = stop == NULL ? 0 : stop->key;
    PyMutex_Unlock(&line_lock);
    return PyLong_FromLong(found);
}
static PyObject *add(PyObject *module, PyObject *unused)
{
    Stop *made = PyMem_RawCalloc(1, sizeof(Stop));
    if (made == NULL) return PyErr_NoMemory();
    PyMutex_Lock(&line_lock);
    made->next = line;
    line = made;
    PyMutex_Unlock(&line_lock);
    Py_RETURN_NONE;
}
static PyObject *drop(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&line_lock);
    Stop *gone = line;
    if (gone != NULL) line = gone->next;
    PyMem_RawFree(gone);
    PyMutex_Unlock(&line_lock);
    Py_RETURN_NONE;
}
static PyMethodDef functions[] = {
    {"trains", trains, METH_NOARGS, NULL},
    {"key", key, METH_NOARGS, NULL},
    {"add", add, METH_NOARGS, NULL},
    {"drop", drop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "rails", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_rails(void) { return PyModuleDef_Init(&definition); }
