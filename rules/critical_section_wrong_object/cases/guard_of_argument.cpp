// The guard is on the argument while the object's own field is written, which its other methods guard with the object.
#include <Python.h>

class Section {
public:
    explicit Section(void *object) { PyCriticalSection_Begin(&section_, static_cast<PyObject *>(object)); }
    ~Section() { PyCriticalSection_End(&section_); }
    Section(const Section &) = delete;

private:
    PyCriticalSection section_;
};

struct Winch {
    PyObject_HEAD
    long turns;
};

static PyObject *winch_turn(PyObject *op, PyObject *)
{
    Section held(op);
    reinterpret_cast<Winch *>(op)->turns++;
    return Py_NewRef(Py_None);
}
static PyObject *winch_turns(PyObject *op, PyObject *)
{
    Section held(op);
    return PyLong_FromLong(reinterpret_cast<Winch *>(op)->turns);
}
static PyObject *winch_reel(PyObject *op, PyObject *rope)
{
    Section held(rope);
    if (PyList_CheckExact(rope)) reinterpret_cast<Winch *>(op)->turns = 0;  // expect: FT403
    return Py_NewRef(Py_None);
}

static PyMethodDef winch_methods[] = {{"turn", winch_turn, METH_NOARGS, nullptr},
                                      {"turns", winch_turns, METH_NOARGS, nullptr},
                                      {"reel", winch_reel, METH_O, nullptr},
                                      {nullptr, nullptr, 0, nullptr}};
static PyType_Slot winch_slots[] = {{Py_tp_methods, winch_methods}, {0, nullptr}};
static PyType_Spec winch_spec = {"deck.Winch", sizeof(Winch), 0, Py_TPFLAGS_DEFAULT, winch_slots};
static int deck_exec(PyObject *module) { return PyModule_Add(module, "Winch", PyType_FromSpec(&winch_spec)); }
