// Taken only in one build and given back in both, in a member function; a class that does both under the same condition
// fits in either build.
#include <Python.h>

class Tide {
public:
    void rise()
    {
#ifdef Py_GIL_DISABLED
        PyMutex_Lock(&lock_);  // expect: FT412
#endif
        ++level_;
        PyMutex_Unlock(&lock_);
    }
    long level()
    {
        PyMutex_Lock(&lock_);
        const long seen = level_;
        PyMutex_Unlock(&lock_);
        return seen;
    }

private:
    PyMutex lock_{};
    long level_ = 0;
};

static Tide tide;

static PyObject *rise(PyObject *, PyObject *) { return tide.rise(), Py_NewRef(Py_None); }
static PyObject *level(PyObject *, PyObject *) { return PyLong_FromLong(tide.level()); }

static PyMethodDef methods[] = {
    {"rise", rise, METH_NOARGS, nullptr}, {"level", level, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
