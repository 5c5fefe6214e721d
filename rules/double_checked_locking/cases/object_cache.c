// The object behind the test is a Python object; the lock is the module's section.
#include <Python.h>

static PyObject *json;

static PyObject *f(PyObject *module, PyObject *text)
{
    if (json == NULL) {  // expect: FT204
        Py_BEGIN_CRITICAL_SECTION(module);
        if (json == NULL) json = PyImport_ImportModule("json");
        Py_END_CRITICAL_SECTION();
    }
    return json ? PyObject_CallMethod(json, "loads", "O", text) : NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
