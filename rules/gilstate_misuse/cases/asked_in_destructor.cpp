// Being attached is no lock: a destructor that asks for it and then counts is not alone. One with an atomic count need not be.
#include <Python.h>
#include <atomic>

static long sunk;
static std::atomic<long> raised{0};

class Wreck {
public:
    ~Wreck()
    {
        if (PyGILState_Check()) sunk++;  // expect: FT505
    }
};
class Buoy {
public:
    ~Buoy() { raised.fetch_add(1, std::memory_order_relaxed); }
};

static PyObject *sink(PyObject *, PyObject *)
{
    Wreck one;
    return PyLong_FromLong(sunk);
}
static PyObject *raise_one(PyObject *, PyObject *)
{
    Buoy one;
    return PyLong_FromLong(raised.load());
}

static PyMethodDef methods[] = {
    {"sink", sink, METH_NOARGS, nullptr}, {"raise_one", raise_one, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
