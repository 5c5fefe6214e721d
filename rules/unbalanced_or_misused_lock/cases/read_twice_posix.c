// POSIX lets a thread that reads take the lock for reading again; writing is another matter.
#include <Python.h>
#include <pthread.h>

static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static long table[8];

static long entry(long i)
{
    pthread_rwlock_rdlock(&gate);
    long n = table[i & 7];
    pthread_rwlock_unlock(&gate);
    return n;
}
static PyObject *table_sum(PyObject *module, PyObject *unused)
{
    pthread_rwlock_rdlock(&gate);
    long n = entry(0) + entry(1);
    pthread_rwlock_unlock(&gate);
    return PyLong_FromLong(n);
}
static PyObject *table_set(PyObject *module, PyObject *arg)
{
    long i = PyLong_AsLong(arg);
    pthread_rwlock_wrlock(&gate);
    table[i & 7] = entry(i + 1);  // expect: FT407
    pthread_rwlock_unlock(&gate);
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"sum", table_sum, METH_NOARGS, NULL}, {"set", table_set, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "table", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_table(void) { return PyModuleDef_Init(&module); }
