// Readers come in together: what one of them changes under its hold, others change at the same time. A writer has the
// lock alone; so does who asked for one or the other by what it was about to do.
#include <Python.h>
#include <pthread.h>

static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static long prices[32], lookups, changes, repairs;

static PyObject *price(PyObject *module, PyObject *at)
{
    long which = PyLong_AsLong(at) & 31;
    pthread_rwlock_rdlock(&gate);
    lookups++;  // expect: FT303
    long found = prices[which];
    pthread_rwlock_unlock(&gate);
    return PyLong_FromLong(found);
}
static PyObject *change(PyObject *module, PyObject *at)
{
    long which = PyLong_AsLong(at) & 31;
    pthread_rwlock_wrlock(&gate);
    prices[which] += 1;
    changes++;
    pthread_rwlock_unlock(&gate);
    Py_RETURN_NONE;
}
static void enter(int to_write)
{
    if (to_write) pthread_rwlock_wrlock(&gate);
    else pthread_rwlock_rdlock(&gate);
}
static PyObject *repair(PyObject *module, PyObject *unused)
{
    enter(1);
    repairs++;
    pthread_rwlock_unlock(&gate);
    Py_RETURN_NONE;
}
static PyObject *summary(PyObject *module, PyObject *unused)
{
    enter(0);
    long all = lookups, made = changes + repairs;
    pthread_rwlock_unlock(&gate);
    return Py_BuildValue("ll", all, made);
}
static PyMethodDef functions[] = {
    {"price", price, METH_O, NULL},
    {"change", change, METH_O, NULL},
    {"repair", repair, METH_NOARGS, NULL},
    {"summary", summary, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "shop", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_shop(void) { return PyModuleDef_Init(&definition); }
