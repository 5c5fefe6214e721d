// The C library's own by its C++ names: one struct for all threads. localtime_r fills one's own.
#include <Python.h>
#include <ctime>

static PyObject *hour(PyObject *, PyObject *)
{
    const std::time_t now = std::time(nullptr);
    const std::tm *parts = std::localtime(&now);  // expect: FT801
    return parts ? PyLong_FromLong(parts->tm_hour) : PyErr_SetFromErrno(PyExc_OSError);
}

static PyObject *own_hour(PyObject *, PyObject *)
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    return localtime_r(&now, &parts) ? PyLong_FromLong(parts.tm_hour) : PyErr_SetFromErrno(PyExc_OSError);
}

static PyMethodDef methods[] = {
    {"hour", hour, METH_NOARGS, nullptr}, {"own_hour", own_hour, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
