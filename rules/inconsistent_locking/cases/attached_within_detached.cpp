// Within a detached stretch the thread attaches again for a while: a section it begins there holds, one that the detach
// ended does not.
#include <Python.h>
#include <nanobind/nanobind.h>

namespace nb = nanobind;

struct Tally {
    PyObject_HEAD
    long kept;
    long lost;
};

static PyObject *Tally_keep(PyObject *object, PyObject *)
{
    Tally *self = reinterpret_cast<Tally *>(object);
    Py_BEGIN_ALLOW_THREADS
    const PyGILState_STATE state = PyGILState_Ensure();
    Py_BEGIN_CRITICAL_SECTION(self);
    self->kept++;
    Py_END_CRITICAL_SECTION();
    PyGILState_Release(state);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *Tally_lose(PyObject *object, PyObject *)
{
    Tally *self = reinterpret_cast<Tally *>(object);
    Py_BEGIN_CRITICAL_SECTION(self);
    {
        nb::gil_scoped_release detached;
        {
            nb::gil_scoped_acquire attached;
        }
        self->lost++;  // expect: FT303
    }
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *Tally_get(PyObject *object, PyObject *)
{
    Tally *self = reinterpret_cast<Tally *>(object);
    long sum;
    Py_BEGIN_CRITICAL_SECTION(self);
    sum = self->kept + self->lost;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(sum);
}

static PyMethodDef methods[] = {{"keep", Tally_keep, METH_NOARGS, nullptr},
                                {"lose", Tally_lose, METH_NOARGS, nullptr},
                                {"get", Tally_get, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyType_Slot slots[] = {{Py_tp_methods, methods}, {0, nullptr}};
static PyType_Spec spec = {"tallies.Tally", sizeof(Tally), 0, Py_TPFLAGS_DEFAULT, slots};
static int run(PyObject *module) { return PyModule_AddType(module, (PyTypeObject *)PyType_FromSpec(&spec)); }
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)run}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "tallies", nullptr, 0, nullptr, module_slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_tallies(void) { return PyModuleDef_Init(&definition); }
