// Two guards one in the other: the inner one may give the outer back. A section on both at once does not.
#include <Python.h>

class Section {
public:
    explicit Section(PyObject *object) { PyCriticalSection_Begin(&section_, object); }
    ~Section() { PyCriticalSection_End(&section_); }
    Section(const Section &) = delete;

private:
    PyCriticalSection section_;
};

struct Hold {
    PyObject_HEAD
    long barrels;
};

static PyObject *hold_take(PyObject *self, PyObject *other)
{
    Section mine(self);
    Section theirs(other);  // expect: FT402
    reinterpret_cast<Hold *>(self)->barrels += reinterpret_cast<Hold *>(other)->barrels;
    reinterpret_cast<Hold *>(other)->barrels = 0;
    return Py_NewRef(Py_None);
}

static PyObject *hold_give(PyObject *self, PyObject *other)
{
    Py_BEGIN_CRITICAL_SECTION2(self, other);
    reinterpret_cast<Hold *>(other)->barrels += reinterpret_cast<Hold *>(self)->barrels;
    reinterpret_cast<Hold *>(self)->barrels = 0;
    Py_END_CRITICAL_SECTION2();
    return Py_NewRef(Py_None);
}

static PyMethodDef hold_methods[] = {
    {"take", hold_take, METH_O, nullptr}, {"give", hold_give, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot hold_slots[] = {{Py_tp_methods, hold_methods}, {0, nullptr}};
static PyType_Spec hold_spec = {"holds.Hold", sizeof(Hold), 0, Py_TPFLAGS_DEFAULT, hold_slots};
static int holds_exec(PyObject *module) { return PyModule_Add(module, "Hold", PyType_FromSpec(&hold_spec)); }
