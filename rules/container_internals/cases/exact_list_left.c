// The list is dealt with above, by a copy; what the loop reads further down can only be the tuple. The twin deals with
// the list only where it is long: the short one comes to the loop. The last is given its answer anew on the way.
#include <Python.h>

static PyObject *sum_up(PyObject *module, PyObject *values) {
    int is_list = PyList_CheckExact(values);
    if (!is_list && !PyTuple_CheckExact(values)) {
        PyErr_SetString(PyExc_TypeError, "expected a list or a tuple");
        return NULL;
    }
    if (is_list) {
        PyObject *copy = PyList_AsTuple(values);
        if (copy == NULL) return NULL;
        PyObject *out = sum_up(module, copy);
        Py_DECREF(copy);
        return out;
    }
    double total = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(values); i++)
        total += PyFloat_AsDouble(is_list ? PyList_GET_ITEM(values, i) : PyTuple_GET_ITEM(values, i));
    return PyFloat_FromDouble(total);
}

static PyObject *sum_some(PyObject *module, PyObject *values) {
    int is_list = PyList_CheckExact(values);
    if (is_list && PyList_Size(values) > 100) {
        PyObject *copy = PyList_AsTuple(values);
        if (copy == NULL) return NULL;
        PyObject *out = sum_up(module, copy);
        Py_DECREF(copy);
        return out;
    }
    double total = 0;
    for (Py_ssize_t i = 0; i < 100; i++)
        total += PyFloat_AsDouble(is_list ? PyList_GET_ITEM(values, i) : PyTuple_GET_ITEM(values, i));  // expect: FT107
    return PyFloat_FromDouble(total);
}

static PyObject *sum_again(PyObject *module, PyObject *values) {
    int is_list = PyList_CheckExact(values);
    if (is_list) return PyFloat_FromDouble(0);
    is_list = PyList_Check(values);
    double total = 0;
    for (Py_ssize_t i = 0; i < 100; i++)
        total += PyFloat_AsDouble(is_list ? PyList_GET_ITEM(values, i) : PyTuple_GET_ITEM(values, i));  // expect: FT107
    return PyFloat_FromDouble(total);
}

static PyMethodDef methods[] = {{"sum_up", sum_up, METH_O, NULL},
                                {"sum_some", sum_some, METH_O, NULL},
                                {"sum_again", sum_again, METH_O, NULL},
                                {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "sums", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_sums(void) { return PyModuleDef_Init(&definition); }
