#include "shared.h"

PyObject *registry;
PyObject *alpha(PyObject *, PyObject *), *beta(PyObject *, PyObject *), *gamma_(PyObject *, PyObject *);

static PyMethodDef methods[] = {{"alpha", alpha, METH_O, NULL}, {"beta", beta, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "many", NULL, -1, methods};

PyMODINIT_FUNC PyInit_many(void)
{
    registry = PyDict_New();
    return PyModule_Create(&definition);
}
