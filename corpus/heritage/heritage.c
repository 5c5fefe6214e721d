#include <Python.h>

static PyObject *heritage_age(PyObject *module, PyObject *arg)
{
    long year = PyLong_AsLong(arg);
    if (year == -1 && PyErr_Occurred()) return NULL;
    return PyLong_FromLong(2000 - year);
}

static PyMethodDef methods[] = {
    {"age", heritage_age, METH_O, "age($module, year, /)\n--\n\nHow old it was in the year 2000."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "heritage", .m_methods = methods};  /* expect: FT001 */

PyMODINIT_FUNC PyInit_heritage(void) { return PyModuleDef_Init(&module_def); }
