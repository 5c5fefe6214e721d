// A mutex that nobody else sees.
#include <Python.h>
#include <mutex>

static PyObject *once_call(PyObject *, PyObject *function)
{
    std::mutex own;
    std::lock_guard<std::mutex> guard(own);
    return PyObject_CallNoArgs(function);
}

static PyMethodDef methods[] = {{"call", once_call, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "once", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_once(void) { return PyModuleDef_Init(&definition); }
