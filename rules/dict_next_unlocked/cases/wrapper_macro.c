// A project's own macro around the loop hides neither the call nor the section.
#include <Python.h>

#define EACH(dict, key, value) for (Py_ssize_t pos_ = 0; PyDict_Next(dict, &pos_, &key, &value);)

static PyObject *bare(PyObject *module, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t n = 0;
    EACH(dict, key, value) n++;  // expect: FT104
    return PyLong_FromSsize_t(n);
}

static PyObject *held(PyObject *module, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t n = 0;
    Py_BEGIN_CRITICAL_SECTION(dict);
    EACH(dict, key, value) n++;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

static PyMethodDef methods[] = {
    {"bare", bare, METH_O, NULL},
    {"held", held, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
