// The object is in everybody's list before its fields are there; filled first and appended last it is safe.
#include <Python.h>

namespace {
struct Signal {
    PyObject_HEAD
    PyObject *flag;
    long hoisted;
};
PyObject *signals;
void signal_dealloc(PyObject *op)
{
    Py_XDECREF(reinterpret_cast<Signal *>(op)->flag);
    Py_TYPE(op)->tp_free(op);
}
PyTypeObject Signal_Type = {PyVarObject_HEAD_INIT(nullptr, 0) "signals.Signal", sizeof(Signal), 0, signal_dealloc};

PyObject *hoist(PyObject *, PyObject *flag)
{
    auto *made = PyObject_New(Signal, &Signal_Type);
    if (made == nullptr) return nullptr;
    made->hoisted = 1;
    if (PyList_Append(signals, reinterpret_cast<PyObject *>(made)) < 0) {  // expect: FT312
        made->flag = nullptr;
        Py_DECREF(made);
        return nullptr;
    }
    made->flag = Py_NewRef(flag);
    return reinterpret_cast<PyObject *>(made);
}

PyObject *hoist_whole(PyObject *, PyObject *flag)
{
    auto *made = PyObject_New(Signal, &Signal_Type);
    if (made == nullptr) return nullptr;
    made->hoisted = 1;
    made->flag = Py_NewRef(flag);
    if (PyList_Append(signals, reinterpret_cast<PyObject *>(made)) < 0) {
        Py_DECREF(made);
        return nullptr;
    }
    return reinterpret_cast<PyObject *>(made);
}

int signals_exec(PyObject *module)
{
    signals = PyList_New(0);
    if (signals == nullptr || PyModule_AddObjectRef(module, "signals", signals) < 0) return -1;
    return PyModule_AddType(module, &Signal_Type);
}

PyMethodDef methods[] = {
    {"hoist", hoist, METH_O, nullptr}, {"hoist_whole", hoist_whole, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(signals_exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "signals", nullptr, 0, methods, slots};
}  // namespace
PyMODINIT_FUNC PyInit_signals() { return PyModuleDef_Init(&definition); }
