// One argument is made sure to be a tuple or is locked, and another one is looked into: which element of the arguments
// was asked about counts, by its number, and by what the variable held that counts them.
#include <Python.h>

static PyObject *first(PyObject *list)
{
    return Py_NewRef(PyList_GET_ITEM(list, 0));  // expect: FT107
}

static PyObject *dot(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 2 || !PyTuple_Check(args[0])) return PyErr_Format(PyExc_TypeError, "a tuple and a list");
    double sum = PyFloat_AsDouble(PyTuple_GET_ITEM(args[0], 0));
    return PyFloat_FromDouble(sum * PyFloat_AsDouble(PyList_GET_ITEM(args[1], 0)));  // expect: FT107
}

static PyObject *next_one(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t i = 0;
    if (nargs != 2 || !PyTuple_Check(args[i])) return PyErr_Format(PyExc_TypeError, "a tuple and a list");
    i++;
    return first(args[i]);
}

static PyObject *wrong_lock(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *out;
    if (nargs != 2) return PyErr_Format(PyExc_TypeError, "two lists");
    Py_BEGIN_CRITICAL_SECTION(args[0]);
    out = Py_NewRef(PyList_GET_ITEM(args[1], 0));  // expect: FT107
    Py_END_CRITICAL_SECTION();
    return out;
}

// Right: the element that was asked about, or locked, is the one that is read.
static PyObject *tuple_first(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    for (Py_ssize_t i = 0; i < nargs; i++) {
        if (!PyTuple_Check(args[i])) continue;
        PyObject *fast = PySequence_Fast(args[i], "a sequence");
        if (fast == NULL || PySequence_Fast_GET_SIZE(fast) == 0) return fast;
        return Py_NewRef(PySequence_Fast_GET_ITEM(fast, 0));
    }
    Py_RETURN_NONE;
}

static PyObject *right_lock(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *out;
    if (nargs != 2) return PyErr_Format(PyExc_TypeError, "two lists");
    Py_BEGIN_CRITICAL_SECTION(args[1]);
    out = Py_NewRef(PyList_GET_ITEM(args[1], 0));
    Py_END_CRITICAL_SECTION();
    return out;
}

static PyMethodDef methods[] = {
    {"dot", (PyCFunction)(void (*)(void))dot, METH_FASTCALL, NULL},
    {"next_one", (PyCFunction)(void (*)(void))next_one, METH_FASTCALL, NULL},
    {"wrong_lock", (PyCFunction)(void (*)(void))wrong_lock, METH_FASTCALL, NULL},
    {"tuple_first", (PyCFunction)(void (*)(void))tuple_first, METH_FASTCALL, NULL},
    {"right_lock", (PyCFunction)(void (*)(void))right_lock, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "items", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_items(void) { return PyModuleDef_Init(&definition); }
