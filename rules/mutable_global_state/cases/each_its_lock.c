// A PyMutex, a pthread mutex, the critical section of the module: at every use, quiet. The last one forgets.
#include <Python.h>
#include <pthread.h>

static long a, b, c, d;
static PyMutex a_mutex;
static pthread_mutex_t b_mutex = PTHREAD_MUTEX_INITIALIZER;

static void b_bump(void) { b++; }

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&a_mutex);
    long seen = ++a;
    PyMutex_Unlock(&a_mutex);
    pthread_mutex_lock(&b_mutex);
    b_bump();
    seen += b;
    pthread_mutex_unlock(&b_mutex);
    Py_BEGIN_CRITICAL_SECTION(module);
    seen += ++c;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(seen);
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&a_mutex);
    a = 0;
    PyMutex_Unlock(&a_mutex);
    Py_BEGIN_CRITICAL_SECTION(module);
    c = 0;
    Py_END_CRITICAL_SECTION();
    d++;  // expect: FT201
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
