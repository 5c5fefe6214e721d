// A container is filled once, and an atomic flag that is set behind it says so. A flag that is set before it says
// nothing.
#include <Python.h>
#include <atomic>
#include <mutex>
#include <vector>

static std::mutex making;
static std::atomic<bool> ready{false};
static std::vector<double> weights;
static std::atomic<bool> begun{false};
static std::vector<double> factors;

static const std::vector<double> &get()
{
    if (!ready) {
        std::lock_guard<std::mutex> guard(making);
        if (!ready) {
            weights.assign(256, 0.5);
            ready = true;
        }
    }
    return weights;
}
static PyObject *weight(PyObject *, PyObject *arg)
{
    const long i = PyLong_AsLong(arg);
    return PyFloat_FromDouble(get()[i & 255]);
}
static PyObject *factor(PyObject *, PyObject *arg)
{
    const long i = PyLong_AsLong(arg);
    if (!begun.load(std::memory_order_acquire)) {
        std::lock_guard<std::mutex> guard(making);
        if (!begun.load(std::memory_order_relaxed)) {
            begun.store(true, std::memory_order_release);
            factors.assign(256, 0.5);
        }
    }
    return PyFloat_FromDouble(factors[i & 255]);  // expect: FT805
}
static PyMethodDef methods[] = {
    {"weight", weight, METH_O, nullptr},
    {"factor", factor, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "weights", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_weights() { return PyModuleDef_Init(&definition); }
