#include "shared.h"

PyObject *registry;
PyObject *many_alpha(PyObject *, PyObject *), *many_beta(PyObject *, PyObject *), *many_gamma(PyObject *, PyObject *), *many_delta(PyObject *, PyObject *), *many_epsilon(PyObject *, PyObject *);

static PyMethodDef methods[] = {
    {"alpha", many_alpha, METH_O, NULL},
    {"beta", many_beta, METH_O, NULL},
    {"gamma", many_gamma, METH_O, NULL},
    {"delta", many_delta, METH_O, NULL},
    {"epsilon", many_epsilon, METH_O, NULL},
    {NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "many", NULL, -1, methods};

PyMODINIT_FUNC PyInit_many(void)
{
    registry = PySys_GetObject("modules");
    return PyModule_Create(&definition);
}
