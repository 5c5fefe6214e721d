// A mutex around test and import.
#include <Python.h>
#include <datetime.h>

static PyMutex mutex;

static PyObject *f(PyObject *module, PyObject *year)
{
    PyMutex_Lock(&mutex);
    if (PyDateTimeAPI == NULL) PyDateTime_IMPORT;
    PyMutex_Unlock(&mutex);
    return PyDateTimeAPI ? PyDate_FromDate((int)PyLong_AsLong(year), 1, 1) : NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
