// C++ atomics, and a pointee that is no Python object.
#include <Python.h>
#include <atomic>

struct Table { int rows; };
static std::atomic<PyObject *> latest;
static std::atomic<Table *> table;

static PyObject *get(PyObject *module, PyObject *unused)
{
    PyObject *now = latest.load(std::memory_order_acquire);  // expect: FT705
    Py_XINCREF(now);
    return now;
}

static PyObject *set(PyObject *module, PyObject *value)
{
    PyObject *old = latest.exchange(Py_NewRef(value));
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *rows(PyObject *module, PyObject *unused)
{
    Table *now = table.load();  // expect: FT705
    return PyLong_FromLong(now->rows);
}

static PyObject *reset(PyObject *module, PyObject *unused)
{
    Table *old = table.exchange(new Table{0});
    delete old;
    Py_RETURN_NONE;
}

static PyObject *known(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(latest.load() != nullptr);
}

static PyMethodDef methods[] = {
    {"get", get, METH_NOARGS, NULL},
    {"set", set, METH_O, NULL},
    {"rows", rows, METH_NOARGS, NULL},
    {"reset", reset, METH_NOARGS, NULL},
    {"known", known, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
