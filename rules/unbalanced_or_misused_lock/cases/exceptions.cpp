// What an exception does to locks: a guard in the try has gone when the handler runs, a lock taken by hand has not.
#include <Python.h>
#include <mutex>
#include <new>
#include <vector>

static std::mutex gate;
static std::vector<long> entries;
static long failures;

static PyObject *book_add(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    try {
        const std::lock_guard<std::mutex> guard(gate);
        entries.push_back(n);
    } catch (const std::bad_alloc &) {
        const std::lock_guard<std::mutex> guard(gate);
        failures++;
    }
    Py_RETURN_NONE;
}
static PyObject *book_add_by_hand(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    gate.lock();
    try {
        entries.push_back(n);
    } catch (const std::bad_alloc &) {
        return PyErr_NoMemory();  // expect: FT407
    }
    gate.unlock();
    Py_RETURN_NONE;
}
static PyObject *book_add_carefully(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    gate.lock();
    try {
        entries.push_back(n);
    } catch (...) {
        gate.unlock();
        return PyErr_NoMemory();
    }
    gate.unlock();
    Py_RETURN_NONE;
}
static long checked(long n)
{
    const std::lock_guard<std::mutex> guard(gate);
    if (n < 0) throw n;
    return n + failures;
}
static PyObject *book_check(PyObject *, PyObject *arg)
{
    try {
        return PyLong_FromLong(checked(PyLong_AsLong(arg)));
    } catch (long) {
        const std::lock_guard<std::mutex> guard(gate);
        failures++;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"add", book_add, METH_O, nullptr},
                                {"add_by_hand", book_add_by_hand, METH_O, nullptr},
                                {"add_carefully", book_add_carefully, METH_O, nullptr},
                                {"check", book_check, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "book", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_book() { return PyModuleDef_Init(&module); }
