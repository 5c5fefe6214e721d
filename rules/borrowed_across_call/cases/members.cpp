// The handler is borrowed from a list that the object hands out, and a call of Python comes before its use; one with a
// reference of its own in a guard is safe.
#include <Python.h>

class Ref {
public:
    explicit Ref(PyObject *object) : object_(object) {}
    ~Ref() { Py_XDECREF(object_); }
    Ref(const Ref &) = delete;
    PyObject *get() const { return object_; }

private:
    PyObject *object_;
};

struct Horn {
    PyObject_HEAD
    PyObject *tones;

    PyObject *first(PyObject *event)
    {
        PyObject *result = nullptr;
        Py_BEGIN_CRITICAL_SECTION(tones);
        if (PyList_GET_SIZE(tones) > 0) {
            PyObject *tone = PyList_GET_ITEM(tones, 0);  // expect: FT103
            Ref name(PyObject_Str(event));
            result = name.get() ? PyObject_CallOneArg(tone, name.get()) : nullptr;
        }
        Py_END_CRITICAL_SECTION();
        return result;
    }

    PyObject *second(PyObject *event)
    {
        Ref tone(PyList_GetItemRef(tones, 1));
        if (tone.get() == nullptr) return nullptr;
        Ref name(PyObject_Str(event));
        return name.get() ? PyObject_CallOneArg(tone.get(), name.get()) : nullptr;
    }
};

static PyObject *horn_first(PyObject *self, PyObject *event) { return reinterpret_cast<Horn *>(self)->first(event); }
static PyObject *horn_second(PyObject *self, PyObject *event) { return reinterpret_cast<Horn *>(self)->second(event); }
static PyObject *horn_tones(PyObject *self, PyObject *) { return Py_NewRef(reinterpret_cast<Horn *>(self)->tones); }

static PyMethodDef horn_methods[] = {
    {"first", horn_first, METH_O, nullptr},
    {"second", horn_second, METH_O, nullptr},
    {"tones", horn_tones, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot horn_slots[] = {{Py_tp_methods, horn_methods}, {0, nullptr}};
static PyType_Spec horn_spec = {"horns.Horn", sizeof(Horn), 0, Py_TPFLAGS_DEFAULT, horn_slots};
static int horns_exec(PyObject *module) { return PyModule_Add(module, "Horn", PyType_FromSpec(&horn_spec)); }
