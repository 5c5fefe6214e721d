// std::swap and std::exchange store into what they are given.
#include <Python.h>
#include <mutex>
#include <utility>

static long pending;
static long taken;
static std::mutex mutex;

static PyObject *put(PyObject *, PyObject *arg)
{
    long n = PyLong_AsLong(arg);
    if (n == -1 && PyErr_Occurred()) return nullptr;
    std::swap(pending, n);  // expect: FT201
    return PyLong_FromLong(n);
}

static PyObject *take(PyObject *, PyObject *)
{
    long n;
    {
        const std::lock_guard<std::mutex> guard(mutex);
        n = std::exchange(taken, 0);
    }
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"put", put, METH_O, nullptr},
    {"take", take, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
