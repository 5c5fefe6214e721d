#include <Python.h>

static PyMutex savings_lock, checking_lock;
static long savings = 1000, checking = 1000; /* each under its own lock */

static PyObject *transfer_save(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&checking_lock);
    PyMutex_Lock(&savings_lock);  /* expect: FT408 */
    checking -= 1;
    savings += 1;
    long all = checking + savings;
    PyMutex_Unlock(&savings_lock);
    PyMutex_Unlock(&checking_lock);
    return PyLong_FromLong(all);
}

static PyObject *transfer_spend(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&savings_lock);
    PyMutex_Lock(&checking_lock);
    savings -= 1;
    checking += 1;
    long all = checking + savings;
    PyMutex_Unlock(&checking_lock);
    PyMutex_Unlock(&savings_lock);
    return PyLong_FromLong(all);
}

static PyMethodDef methods[] = {
    {"save", transfer_save, METH_NOARGS, "save($module, /)\n--\n\nMoves one to the savings; returns the sum of both."},
    {"spend", transfer_spend, METH_NOARGS, "spend($module, /)\n--\n\nMoves one from the savings; returns the sum of both."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "transfer", .m_methods = methods, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_transfer(void) { return PyModuleDef_Init(&module_def); }
