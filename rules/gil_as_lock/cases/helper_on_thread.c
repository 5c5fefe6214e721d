// A helper of the thread writes through a pointer to a field of a global; Python code clears it.
#include <Python.h>
#include <pthread.h>
#include <string.h>

static struct box {
    long count;
    char text[32];
} box;

static void put(struct box *into, long n) { into->count += n; }  // expect: FT502

static void *sample(void *unused)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    put(&box, 1);
    PyGILState_Release(gil);
    return NULL;
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sample, NULL);
    pthread_detach(thread);
    return PyLong_FromLong(box.count);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
