// std::atomic: load and store of a field of an object; exchange and fetch_or; a pointer made by two threads.
#include <Python.h>
#include <atomic>

namespace {

struct Counter {
    PyObject_HEAD
    std::atomic<long> n;
    std::atomic<unsigned> flags;
    std::atomic<double *> table;
};

PyObject *bump(PyObject *op, PyObject *)
{
    Counter *self = reinterpret_cast<Counter *>(op);
    self->n.store(self->n.load(std::memory_order_acquire) * 2, std::memory_order_release);  // expect: FT703
    self->flags.fetch_or(4);
    self->flags.exchange(3);
    Py_RETURN_NONE;
}

PyObject *cells(PyObject *op, PyObject *)
{
    Counter *self = reinterpret_cast<Counter *>(op);
    if (self->table.load() == nullptr) self->table.store(new double[8]);  // expect: FT703
    return PyFloat_FromDouble(self->table.load()[0]);
}

PyMethodDef counter_methods[] = {
    {"bump", bump, METH_NOARGS, nullptr},
    {"cells", cells, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyType_Slot counter_slots[] = {{Py_tp_methods, counter_methods}, {0, nullptr}};
PyType_Spec spec = {"m.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT, counter_slots};

int m_exec(PyObject *module) { return PyModule_Add(module, "Counter", PyType_FromSpec(&spec)); }

PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
