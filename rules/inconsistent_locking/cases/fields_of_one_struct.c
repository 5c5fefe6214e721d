// Two fields of one struct, each with a lock of its own that one function forgets: two findings, not only the first.
#include <Python.h>

static struct {
    PyMutex queue_lock, state_lock;
    long queued;
    long state;
} worker;

static PyObject *clear_queue(PyObject *module, PyObject *unused)
{
    worker.queued = 0;  // expect: FT303
    Py_RETURN_NONE;
}
static PyObject *set_state(PyObject *module, PyObject *arg)
{
    long state = PyLong_AsLong(arg);
    if (state == -1 && PyErr_Occurred()) return NULL;
    worker.state = state;  // expect: FT303
    Py_RETURN_NONE;
}
static PyObject *enqueue(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&worker.queue_lock);
    long queued = ++worker.queued;  // no-side: FT303
    PyMutex_Unlock(&worker.queue_lock);
    return PyLong_FromLong(queued);
}
static PyObject *next_state(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&worker.state_lock);
    long state = worker.state++;  // no-side: FT303
    PyMutex_Unlock(&worker.state_lock);
    return PyLong_FromLong(state);
}
static PyMethodDef methods[] = {
    {"clear_queue", clear_queue, METH_NOARGS, NULL},
    {"set_state", set_state, METH_O, NULL},
    {"enqueue", enqueue, METH_NOARGS, NULL},
    {"next_state", next_state, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "worker", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_worker(void) { return PyModuleDef_Init(&definition); }
