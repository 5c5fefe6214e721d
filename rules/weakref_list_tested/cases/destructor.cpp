// The list of weak references is looked at before it is cleared, in the destructor of the struct; cleared without a look
// it is safe.
#include <Python.h>
#include <cstddef>

struct Chart {
    PyObject_HEAD
    PyObject *references;
};
struct Pilot {
    PyObject_HEAD
    PyObject *references;
};

static void chart_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    if (reinterpret_cast<Chart *>(op)->references != nullptr)  // expect: FT317
        PyObject_ClearWeakRefs(op);
    type->tp_free(op);
    Py_DECREF(type);
}
static void pilot_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_ClearWeakRefs(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef chart_members[] = {{"__weaklistoffset__", Py_T_PYSSIZET, offsetof(Chart, references), Py_READONLY, nullptr},
                                      {nullptr, 0, 0, 0, nullptr}};
static PyMemberDef pilot_members[] = {{"__weaklistoffset__", Py_T_PYSSIZET, offsetof(Pilot, references), Py_READONLY, nullptr},
                                      {nullptr, 0, 0, 0, nullptr}};
static PyType_Slot chart_slots[] = {{Py_tp_members, chart_members}, {Py_tp_dealloc, reinterpret_cast<void *>(chart_dealloc)}, {0, nullptr}};
static PyType_Slot pilot_slots[] = {{Py_tp_members, pilot_members}, {Py_tp_dealloc, reinterpret_cast<void *>(pilot_dealloc)}, {0, nullptr}};
static PyType_Spec chart_spec = {"charts.Chart", sizeof(Chart), 0, Py_TPFLAGS_DEFAULT, chart_slots};
static PyType_Spec pilot_spec = {"charts.Pilot", sizeof(Pilot), 0, Py_TPFLAGS_DEFAULT, pilot_slots};
static int charts_exec(PyObject *module)
{
    if (PyModule_Add(module, "Chart", PyType_FromSpec(&chart_spec)) < 0) return -1;
    return PyModule_Add(module, "Pilot", PyType_FromSpec(&pilot_spec));
}
