// What a called function throws is caught here, behind the section.
#include <Python.h>
#include <vector>

struct Box {
    PyObject_HEAD
    std::vector<long> *items;
};

static PyObject *Box_add(PyObject *object, PyObject *)
{
    Box *self = reinterpret_cast<Box *>(object);
    try {
        Py_BEGIN_CRITICAL_SECTION(self);
        self->items->at(3)++;  // expect: FT401
        Py_END_CRITICAL_SECTION();
    } catch (const std::exception &) {
        return PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"add", Box_add, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "box", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
