// An object in memory of C++'s own: the collector looks for what is not there. The type's allocator gives what it knows.
#include <Python.h>
#include <new>

struct Float {
    PyObject_HEAD
    double draught;
};
static PyTypeObject Float_Type = {PyVarObject_HEAD_INIT(nullptr, 0) "floats.Float", sizeof(Float)};

static PyObject *make(PyObject *, PyObject *)
{
    auto *made = static_cast<Float *>(::operator new(sizeof(Float), std::nothrow));
    if (made == nullptr) return PyErr_NoMemory();
    return PyObject_Init(reinterpret_cast<PyObject *>(made), &Float_Type);  // expect: FT605
}
static PyObject *make_known(PyObject *, PyObject *) { return PyType_GenericAlloc(&Float_Type, 0); }

static int floats_exec(PyObject *module) { return PyModule_AddType(module, &Float_Type); }
static PyMethodDef methods[] = {
    {"make", make, METH_NOARGS, nullptr}, {"make_known", make_known, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
