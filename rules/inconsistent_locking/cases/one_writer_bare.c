// One function writes without the lock that the only other one holds.
#include <Python.h>

static PyMutex gate;
static long level;

static PyObject *m_level(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&gate);
    long now = level;
    PyMutex_Unlock(&gate);
    return PyLong_FromLong(now);
}
static PyObject *m_set(PyObject *module, PyObject *object)
{
    level = PyLong_AsLong(object);  // expect: FT303
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"level", m_level, METH_NOARGS, NULL}, {"set", m_set, METH_O, NULL}, {NULL, NULL, 0, NULL}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods};
