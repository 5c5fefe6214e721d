// A mutex that each call has to itself keeps nobody off; one that all are given does.
#include <Python.h>
#include <mutex>

struct Policy {
    std::mutex mutex;
    void lock() { mutex.lock(); }
    void unlock() { mutex.unlock(); }
};

struct Counter {
    PyObject_HEAD
    Policy policy;
    long own, common;
};

static PyObject *add_own(Counter *self, PyObject *)
{
    Policy policy;
    policy.lock();
    long now = ++self->own;  // expect: FT301
    policy.unlock();
    return PyLong_FromLong(now);
}

static PyObject *add_common(Counter *self, PyObject *)
{
    self->policy.lock();
    long now = ++self->common;
    self->policy.unlock();
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {
    {"add_own", (PyCFunction)add_own, METH_NOARGS, nullptr},
    {"add_common", (PyCFunction)add_common, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot slots[] = {{Py_tp_methods, methods}, {0, nullptr}};
static PyType_Spec spec = {"m.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT, slots};

static int exec(PyObject *module)
{
    return PyModule_AddType(module, (PyTypeObject *)PyType_FromSpec(&spec));
}
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, module_slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
