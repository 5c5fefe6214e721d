// The test stands in one function, lock and store in another that it calls. A flag that is only used under the lock.
#include <Python.h>

static PyMutex mutex;
static double *table;
static int dirty;

static void fill(void)
{
    PyMutex_Lock(&mutex);
    if (table == NULL) table = PyMem_RawCalloc(8, sizeof *table);
    PyMutex_Unlock(&mutex);
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (table == NULL) fill();  // expect: FT204
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    if (!dirty) dirty = 1;
    PyMutex_Unlock(&mutex);
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
