// What is stored and read by nobody may be stored by two at once; who reads it to free it reads it.
#include <Python.h>
#include <stdlib.h>

static char *newest, *oldest;

static PyObject *note(PyObject *module, PyObject *arg)
{
    newest = malloc(8);  // expect: FT201 (low)
    return PyLong_FromLong(1);
}

static PyObject *forget(PyObject *module, PyObject *arg)
{
    free(oldest);
    oldest = malloc(8);  // expect: FT201 (high)
    return PyLong_FromLong(1);
}

static PyMethodDef methods[] = {
    {"note", note, METH_O, NULL}, {"forget", forget, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
