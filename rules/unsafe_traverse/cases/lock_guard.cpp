// The collector stops every thread and then visits: a guard in tp_traverse waits for one that is stopped.
#include <Python.h>
#include <mutex>

struct Locker {
    PyObject_HEAD
    std::mutex *lock;
    PyObject *content;
};

static int locker_traverse(PyObject *op, visitproc visit, void *arg)
{
    auto *self = reinterpret_cast<Locker *>(op);
    std::lock_guard<std::mutex> held(*self->lock);  // expect: FT410
    Py_VISIT(self->content);
    Py_VISIT(Py_TYPE(op));
    return 0;
}

static PyObject *locker_content(PyObject *op, PyObject *)
{
    auto *self = reinterpret_cast<Locker *>(op);
    std::lock_guard<std::mutex> held(*self->lock);
    return self->content ? Py_NewRef(self->content) : Py_NewRef(Py_None);
}

static PyMethodDef locker_methods[] = {{"content", locker_content, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot locker_slots[] = {{Py_tp_methods, locker_methods}, {Py_tp_traverse, reinterpret_cast<void *>(locker_traverse)}, {0, nullptr}};
static PyType_Spec locker_spec = {"lockers.Locker", sizeof(Locker), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, locker_slots};
static int lockers_exec(PyObject *module) { return PyModule_Add(module, "Locker", PyType_FromSpec(&locker_spec)); }
