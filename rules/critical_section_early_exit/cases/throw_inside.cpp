// An exception leaves the section as a return would.
#include <Python.h>
#include <stdexcept>

struct Box {
    PyObject_HEAD
    long n;
};

static void check(Box *self)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->n < 0) throw std::runtime_error("negative");  // expect: FT401
    self->n++;
    Py_END_CRITICAL_SECTION();
}

static PyObject *Box_check(PyObject *self, PyObject *)
{
    try {
        check(reinterpret_cast<Box *>(self));
    } catch (const std::exception &error) {
        return PyErr_Format(PyExc_ValueError, "%s", error.what());
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"check", Box_check, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "box", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
