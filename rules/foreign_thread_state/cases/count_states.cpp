// Other threads' states are walked; they come and go meanwhile.
#include <Python.h>

static PyObject *count(PyObject *, PyObject *)
{
    long n = 0;
    for (PyThreadState *state = PyInterpreterState_ThreadHead(PyInterpreterState_Get()); state != nullptr;  // expect: FT504
         state = PyThreadState_Next(state))
        ++n;
    return PyLong_FromLong(n);
}

static PyObject *own(PyObject *, PyObject *) { return PyLong_FromUnsignedLongLong(PyThreadState_GetID(PyThreadState_Get())); }

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, nullptr}, {"own", own, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
