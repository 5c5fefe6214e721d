// What the helper gives back is None, a number, or a list that it has just made: nobody else has it. The twin gives the
// list it keeps.
#include <Python.h>

static PyObject *kept;

static PyObject *option(int number)
{
    if (number == 0) Py_RETURN_NONE;
    if (number == 1) return Py_NewRef(Py_False);
    PyObject *list = PyList_New(0);
    if (list == NULL) return NULL;
    PyObject *one = PyLong_FromLong(number);
    if (one == NULL || PyList_Append(list, one) < 0) {
        Py_XDECREF(one);
        Py_DECREF(list);
        return NULL;
    }
    Py_DECREF(one);
    return list;
}

static PyObject *kept_option(int number)
{
    if (number == 0) Py_RETURN_NONE;
    return Py_NewRef(kept);
}

static PyObject *first(PyObject *module, PyObject *unused)
{
    PyObject *list = option(2);
    if (list == NULL || !PyList_Check(list)) return list;
    PyObject *text = PyObject_Str(PyList_GET_ITEM(list, 0));
    Py_DECREF(list);
    return text;
}

static PyObject *first_kept(PyObject *module, PyObject *unused)
{
    PyObject *list = kept_option(2);
    if (list == NULL || !PyList_Check(list)) return list;
    PyObject *text = PyObject_Str(PyList_GET_ITEM(list, 0));  // expect: FT107
    Py_DECREF(list);
    return text;
}

static PyMethodDef methods[] = {
    {"first", first, METH_NOARGS, NULL},
    {"first_kept", first_kept, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static int start(PyObject *module)
{
    kept = PyList_New(0);
    return kept == NULL ? -1 : 0;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "options", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_options(void) { return PyModuleDef_Init(&definition); }
