// A global list, written through the project's own macro.
#include <Python.h>

static PyObject *slots_list;

#define STORE(i, v) PyList_SET_ITEM(slots_list, (i), (v))

static int set_up(PyObject *module)
{
    slots_list = PyList_New(1);
    if (slots_list == NULL) return -1;
    STORE(0, Py_NewRef(Py_None));
    return 0;
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    STORE(0, Py_NewRef(arg));  // expect: FT107
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
