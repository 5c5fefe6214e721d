// Put back as it was; cleared by whoever sees it set, and nothing else; one for each thread; a lock; initialisation.
#include <Python.h>
#include <stdatomic.h>

static atomic_int depth, dirty, total;
static _Thread_local atomic_int mine;
static PyMutex mutex;

static int m_exec(PyObject *module)
{
    atomic_store(&depth, atomic_load(&depth) + 1);
    return 0;
}

static PyObject *f(PyObject *module, PyObject *callable)
{
    int saved = atomic_load(&depth);
    atomic_store(&depth, 5);
    PyObject *result = PyObject_CallNoArgs(callable);
    atomic_store(&depth, saved);
    if (atomic_load(&dirty)) atomic_store(&dirty, 0);
    mine = mine + 1;
    PyMutex_Lock(&mutex);
    total = total + 1;
    PyMutex_Unlock(&mutex);
    return result;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
