// The lock of an object's head is the interpreter's, also through a base class; a mutex of one's own is free to be taken.
#include <Python.h>

struct Vessel {
    PyObject_HEAD
};
struct Tug : Vessel {
    long pulls;
    PyMutex lock;
};

static PyObject *tug_pull(PyObject *op, PyObject *)
{
    auto *self = static_cast<Tug *>(reinterpret_cast<Vessel *>(op));
    PyMutex_Lock(&op->ob_mutex);  // expect: FT409
    self->pulls++;
    PyMutex_Unlock(&op->ob_mutex);
    return Py_NewRef(Py_None);
}

static PyMethodDef tug_methods[] = {{"pull", tug_pull, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot tug_slots[] = {{Py_tp_methods, tug_methods}, {0, nullptr}};
static PyType_Spec tug_spec = {"tugs.Tug", sizeof(Tug), 0, Py_TPFLAGS_DEFAULT, tug_slots};
static int tugs_exec(PyObject *module) { return PyModule_Add(module, "Tug", PyType_FromSpec(&tug_spec)); }
