// The import may suspend the section between test and store: two threads can still fill it.
#include <Python.h>

static PyObject *json;

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyObject *out;
    Py_BEGIN_CRITICAL_SECTION(module);
    if (json == NULL) json = PyImport_ImportModule("json");  // missed: FT205
    out = Py_XNewRef(json);
    Py_END_CRITICAL_SECTION();
    return out;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
