// The bytes of a bytearray are walked detached, where another thread may resize it; a buffer that is held keeps them.
#include <Python.h>
#include <numeric>
#include <string>

static PyObject *weigh(PyObject *, PyObject *cargo)
{
    if (!PyByteArray_Check(cargo)) return PyErr_Format(PyExc_TypeError, "a bytearray, please");
    const char *begin = PyByteArray_AsString(cargo);  // expect: FT108
    const Py_ssize_t size = PyByteArray_Size(cargo);
    long long sum = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t at = 0; at < size; ++at) sum += static_cast<unsigned char>(begin[at]);
    Py_END_ALLOW_THREADS
    return PyLong_FromLongLong(sum);
}

static PyObject *weigh_held(PyObject *, PyObject *cargo)
{
    Py_buffer view;
    if (PyObject_GetBuffer(cargo, &view, PyBUF_SIMPLE) < 0) return nullptr;
    const auto *begin = static_cast<const unsigned char *>(view.buf);
    long long sum = std::accumulate(begin, begin + view.len, 0LL);
    PyBuffer_Release(&view);
    return PyLong_FromLongLong(sum);
}

static PyMethodDef methods[] = {
    {"weigh", weigh, METH_O, nullptr}, {"weigh_held", weigh_held, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
