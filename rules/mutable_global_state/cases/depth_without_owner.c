// The depth alone does not say who holds the mutex.
#include <Python.h>
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int level;
static long total;

static void acquire(void)
{
    if (level > 0) {
        ++level;  // expect: FT201
        return;
    }
    pthread_mutex_lock(&lock);
    level = 1;
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
