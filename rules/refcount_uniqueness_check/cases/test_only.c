// A test that the count is one: whoever fails it hears so, and nothing is done with the object for it. The twin goes on
// to write into what it takes for its own.
#include <Python.h>

static PyObject *check_count(PyObject *module, PyObject *object)
{
    PyObject *one = PyObject_CallNoArgs(object);
    if (one == NULL) return NULL;
    if (!(Py_REFCNT(one) == 1)) {  // false-alarm: FT601
        PyErr_SetNone(PyExc_AssertionError);
        Py_DECREF(one);
        return NULL;
    }
    Py_DECREF(one);
    Py_RETURN_NONE;
}

static PyObject *fill(PyObject *module, PyObject *object)
{
    PyObject *one = PyObject_CallNoArgs(object);
    if (one == NULL) return NULL;
    if (Py_REFCNT(one) != 1) {  // expect: FT601
        PyErr_SetString(PyExc_ValueError, "somebody else has it");
        Py_DECREF(one);
        return NULL;
    }
    if (PyObject_SetAttrString(one, "full", Py_True) < 0) Py_CLEAR(one);
    return one;
}

static PyMethodDef methods[] = {{"check_count", check_count, METH_O, NULL}, {"fill", fill, METH_O, NULL}, {NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
