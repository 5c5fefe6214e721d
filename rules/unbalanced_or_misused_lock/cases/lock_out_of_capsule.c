// A lock that a call gives: taken and given back by the local that holds it. The twin leaves with it.
#include <Python.h>

static PyObject *call(PyObject *module, PyObject *capsule)
{
    PyThread_type_lock lock = (PyThread_type_lock)PyCapsule_GetPointer(capsule, "lock");
    if (lock == NULL) return NULL;
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(lock, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    long one = PyLong_AsLong(module);
    PyThread_release_lock(lock);
    return PyLong_FromLong(one);
}

static PyObject *leave(PyObject *module, PyObject *capsule)
{
    PyThread_type_lock lock = (PyThread_type_lock)PyCapsule_GetPointer(capsule, "lock");
    if (lock == NULL) return NULL;
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(lock, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    long one = PyLong_AsLong(module);
    if (one < 0) return NULL;  // expect: FT407
    PyThread_release_lock(lock);
    return PyLong_FromLong(one);
}

static PyMethodDef methods[] = {
    {"call", call, METH_O, NULL},
    {"leave", leave, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "locks", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_locks(void) { return PyModuleDef_Init(&module); }
