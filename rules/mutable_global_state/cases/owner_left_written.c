// The mutex is let go and its owner left written down: the same thread walks in later beside another one.
#include <Python.h>
#include <pthread.h>
#include <stdatomic.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned long owner;
static int level;
static long total;

static void acquire(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (atomic_load(&owner) != me) {
        pthread_mutex_lock(&lock);
        atomic_store(&owner, me);
    }
    ++level;  // expect: FT201
}
static void release(void)
{
    if (--level > 0) return;
    pthread_mutex_unlock(&lock);
}
static PyObject *f(PyObject *module, PyObject *arg)
{
    acquire();
    total++;  // expect: FT201
    release();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
