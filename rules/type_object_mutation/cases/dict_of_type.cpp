// The dict of a type that others have already; set through the type's own attribute it is told of the change.
#include <Python.h>

static PyObject *alias(PyObject *, PyObject *args)
{
    PyTypeObject *type;
    PyObject *function;
    if (!PyArg_ParseTuple(args, "O!O", &PyType_Type, &type, &function)) return nullptr;
    if (PyDict_SetItemString(type->tp_dict, "alias", function) < 0) return nullptr;  // expect: FT209
    Py_RETURN_NONE;
}

static PyObject *alias_told(PyObject *, PyObject *args)
{
    PyObject *type, *function;
    if (!PyArg_ParseTuple(args, "O!O", &PyType_Type, &type, &function)) return nullptr;
    if (PyObject_SetAttrString(type, "alias", function) < 0) return nullptr;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"alias", alias, METH_VARARGS, nullptr},
                                {"alias_told", alias_told, METH_VARARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
