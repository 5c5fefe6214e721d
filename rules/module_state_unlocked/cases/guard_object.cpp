// A guard of the project on a mutex in the state; std::atomic fields.
#include <Python.h>
#include <atomic>

namespace {

struct State {
    PyMutex mutex;
    long total;
    std::atomic<long> calls;
    double last;
};

class Guard {
public:
    explicit Guard(PyMutex *mutex) : mutex_(mutex) { PyMutex_Lock(mutex_); }
    ~Guard() { PyMutex_Unlock(mutex_); }

private:
    PyMutex *mutex_;
};

State *state_of(PyObject *module) { return static_cast<State *>(PyModule_GetState(module)); }

PyObject *f(PyObject *module, PyObject *arg)
{
    State *state = state_of(module);
    const long by = PyLong_AsLong(arg);
    state->calls++;
    state->last = by;  // expect: FT208
    Guard held(&state->mutex);
    state->total += by;
    return PyLong_FromLong(state->total);
}

PyObject *g(PyObject *module, PyObject *) { return PyFloat_FromDouble(state_of(module)->last); }

PyMethodDef methods[] = {
    {"f", f, METH_O, nullptr},
    {"g", g, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, sizeof(State), methods, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
