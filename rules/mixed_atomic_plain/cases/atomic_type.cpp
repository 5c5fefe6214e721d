// Of a std::atomic every access is atomic, however it is written.
#include <Python.h>
#include <atomic>

static std::atomic<long> hits{0};
static std::atomic<bool> on{false};

static PyObject *hit(PyObject *, PyObject *) { on = true; return PyLong_FromLong(++hits); }
static PyObject *count(PyObject *, PyObject *) { return PyLong_FromLong(on ? hits.load(std::memory_order_relaxed) : 0L + hits); }

static PyMethodDef methods[] = {
    {"hit", hit, METH_NOARGS, nullptr},
    {"count", count, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
