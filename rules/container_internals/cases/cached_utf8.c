// A reader takes the cached UTF-8 of a string as it is: pointer and length are filled in one after the other by the first
// that asks. That a string never changes otherwise does not help.
#include <Python.h>

static PyObject *first_byte(PyObject *module, PyObject *name)
{
    if (!PyUnicode_CheckExact(name)) return PyErr_Format(PyExc_TypeError, "a name");
    PyCompactUnicodeObject *text = (PyCompactUnicodeObject *)name;
    if (text->utf8 == NULL || text->utf8_length == 0)  // expect: FT107
        return PyLong_FromLong(-1);
    return PyLong_FromLong(text->utf8[0]);  // expect: FT107
}

static PyObject *second_byte(PyObject *module, PyObject *name)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(name, &size);
    if (text == NULL) return NULL;
    return PyLong_FromLong(size > 1 ? text[1] : -1);
}

static PyMethodDef methods[] = {
    {"first_byte", first_byte, METH_O, NULL},
    {"second_byte", second_byte, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "bytes_of", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_bytes_of(void) { return PyModuleDef_Init(&definition); }
