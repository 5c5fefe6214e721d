// A conversion inside the section may run Python, which suspends it: what was read before is used after. Converted before
// the section, nothing of it is suspended.
#include <Python.h>

struct Logbook {
    PyObject_HEAD
    Py_ssize_t used;
    long marks[16];
};

static PyObject *logbook_add(PyObject *op, PyObject *object)
{
    auto *self = reinterpret_cast<Logbook *>(op);
    bool failed = false;
    Py_BEGIN_CRITICAL_SECTION(op);
    const Py_ssize_t at = self->used;
    const long mark = PyLong_AsLong(object);
    failed = mark == -1 && PyErr_Occurred() != nullptr;
    if (!failed && at < 16) {
        self->marks[at] = mark;
        self->used = at + 1;  // expect: FT404
    }
    Py_END_CRITICAL_SECTION();
    return failed ? nullptr : Py_NewRef(Py_None);
}

static PyObject *logbook_put(PyObject *op, PyObject *object)
{
    auto *self = reinterpret_cast<Logbook *>(op);
    const long mark = PyLong_AsLong(object);
    if (mark == -1 && PyErr_Occurred()) return nullptr;
    Py_BEGIN_CRITICAL_SECTION(op);
    if (self->used < 16) self->marks[self->used++] = mark;
    Py_END_CRITICAL_SECTION();
    return Py_NewRef(Py_None);
}

static PyMethodDef logbook_methods[] = {
    {"add", logbook_add, METH_O, nullptr}, {"put", logbook_put, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot logbook_slots[] = {{Py_tp_methods, logbook_methods}, {0, nullptr}};
static PyType_Spec logbook_spec = {"logs.Logbook", sizeof(Logbook), 0, Py_TPFLAGS_DEFAULT, logbook_slots};
static int logs_exec(PyObject *module) { return PyModule_Add(module, "Logbook", PyType_FromSpec(&logbook_spec)); }
