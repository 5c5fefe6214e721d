// One function that looks at several members of another thread's state makes one mistake; each function makes its own.
#include <Python.h>

static PyThreadState *watched;

static PyObject *watch(PyObject *module, PyObject *unused)
{
    watched = PyThreadState_Get();
    Py_RETURN_NONE;
}

static PyObject *look(PyObject *module, PyObject *unused)
{
    unsigned long id = watched->thread_id;  // expect: FT504
    PyObject *states = watched->dict;
    return Py_BuildValue("kN", id, PyBool_FromLong(states != NULL));
}

static PyObject *number(PyObject *module, PyObject *unused)
{
    return PyLong_FromUnsignedLong(watched->thread_id);  // expect: FT504
}

static PyMethodDef methods[] = {
    {"watch", watch, METH_NOARGS, NULL},
    {"look", look, METH_NOARGS, NULL},
    {"number", number, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
