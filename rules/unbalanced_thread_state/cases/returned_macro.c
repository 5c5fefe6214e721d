// A macro that names the value which is returned says nothing of the return: told where each of them stands.
#include <Python.h>

#define DONE 0
#define FAILED 2

static int callback(const char *name)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *text = PyUnicode_FromString(name);
    if (text == NULL) {
        PyErr_Clear();
        return FAILED;  // expect: FT503
    }
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        Py_DECREF(text);
        PyErr_Clear();
        return FAILED;  // expect: FT503
    }
    Py_DECREF(list);
    Py_DECREF(text);
    PyGILState_Release(state);
    return DONE;
}

static int careful(const char *name)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *text = PyUnicode_FromString(name);
    const int done = text == NULL ? FAILED : DONE;
    if (text == NULL) PyErr_Clear();
    Py_XDECREF(text);
    PyGILState_Release(state);
    return done;
}

extern void walk(int (*each)(const char *));

static PyObject *all(PyObject *module, PyObject *unused)
{
    Py_BEGIN_ALLOW_THREADS
    walk(callback);
    walk(careful);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"all", all, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
