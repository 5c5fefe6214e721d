// Guards of C++; std::call_once; a member of a global object with its own lock.
#include <Python.h>
#include <atomic>
#include <mutex>
#include <vector>

namespace {

std::mutex mutex;
long total;
long unguarded;
std::once_flag once;
long first_arg;
constexpr long limits[] = {1, 2, 3};
thread_local long mine;
std::atomic<long> counted;

PyObject *f(PyObject *, PyObject *arg)
{
    const long by = PyLong_AsLong(arg);
    std::call_once(once, [by] { first_arg = by; });
    {
        std::lock_guard<std::mutex> held(mutex);
        total += by;
    }
    unguarded += limits[by % 3];  // expect: FT201
    mine++, counted++;
    return PyLong_FromLong(first_arg + mine + counted);
}

PyObject *g(PyObject *, PyObject *)
{
    std::unique_lock held(mutex);
    return PyLong_FromLong(total);
}

PyMethodDef methods[] = {
    {"f", f, METH_O, nullptr},
    {"g", g, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
