// A caller's list copied into a vector while others may change it; a tuple of it first is nobody else's.
#include <Python.h>
#include <vector>

static PyObject *total(const std::vector<double> &numbers)
{
    double sum = 0;
    for (const double one : numbers) sum += one;
    return PyErr_Occurred() ? nullptr : PyFloat_FromDouble(sum);
}

static PyObject *sum(PyObject *, PyObject *depths)
{
    PyObject *fast = PySequence_Fast(depths, "a sequence, please");  // expect: FT106
    if (fast == nullptr) return nullptr;
    std::vector<double> numbers;
    for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(fast); ++at)
        numbers.push_back(PyFloat_AsDouble(PySequence_Fast_GET_ITEM(fast, at)));
    Py_DECREF(fast);
    return total(numbers);
}

static PyObject *sum_copied(PyObject *, PyObject *depths)
{
    PyObject *own = PySequence_Tuple(depths);
    if (own == nullptr) return nullptr;
    std::vector<double> numbers;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(own); ++at) numbers.push_back(PyFloat_AsDouble(PyTuple_GET_ITEM(own, at)));
    Py_DECREF(own);
    return total(numbers);
}

static PyMethodDef methods[] = {
    {"sum", sum, METH_O, nullptr}, {"sum_copied", sum_copied, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
