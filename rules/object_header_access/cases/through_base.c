// One level down: the header of the object's own struct.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    int n;
} Thing;

static PyObject *f(PyObject *module, PyObject *arg)
{
    Thing *thing = (Thing *)arg;
    return Py_NewRef((PyObject *)thing->ob_base.ob_type);  // expect: FT008
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
