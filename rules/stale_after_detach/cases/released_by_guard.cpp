// Detached by a guard while the handle is used, which close() frees meanwhile; a handle behind a lock is not.
#include <Python.h>
#include <mutex>

extern int sonar_ping(void *sonar);
extern void sonar_free(void *sonar);

class Detached {
public:
    Detached() : state_(PyEval_SaveThread()) {}
    ~Detached() { PyEval_RestoreThread(state_); }
    Detached(const Detached &) = delete;

private:
    PyThreadState *state_;
};

struct Sonar {
    PyObject_HEAD
    void *handle;
};

static PyObject *sonar_object_ping(PyObject *op, PyObject *)
{
    auto *self = reinterpret_cast<Sonar *>(op);
    if (self->handle == nullptr) return PyErr_Format(PyExc_ValueError, "closed");
    int depth;
    {
        Detached away;
        depth = sonar_ping(self->handle);  // expect: FT315
    }
    return PyLong_FromLong(depth);
}

static PyObject *sonar_object_close(PyObject *op, PyObject *)
{
    auto *self = reinterpret_cast<Sonar *>(op);
    sonar_free(self->handle);
    self->handle = nullptr;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"ping", sonar_object_ping, METH_NOARGS, nullptr},
                                {"close", sonar_object_close, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
