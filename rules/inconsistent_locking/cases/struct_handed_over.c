// A copy of a struct is handed on as it is: what the callee reads lies in its own memory. Through a pointer it does not.
#include <Python.h>

typedef struct { double x, y; } Spot;
typedef struct { PyObject_HEAD Spot at; } Walker;

static PyObject *shown(Spot spot) { return Py_BuildValue("dd", spot.x, spot.y); }
static PyObject *looked_at(const Spot *spot)
{
    return Py_BuildValue("dd", spot->x, spot->y);  // expect: FT303
}

static PyObject *walker_go(Walker *self, PyObject *Py_UNUSED(unused))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->at.x += 1;
    self->at.y += 2;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *walker_where(Walker *self, PyObject *Py_UNUSED(unused))
{
    Spot now;
    Py_BEGIN_CRITICAL_SECTION(self);
    now = self->at;
    Py_END_CRITICAL_SECTION();
    return shown(now);
}
static PyObject *walker_look(Walker *self, PyObject *Py_UNUSED(unused))
{
    return looked_at(&self->at);
}

static PyMethodDef walker_methods[] = {
    {"go", (PyCFunction)walker_go, METH_NOARGS, NULL},
    {"where", (PyCFunction)walker_where, METH_NOARGS, NULL},
    {"look", (PyCFunction)walker_look, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject WalkerType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "way.Walker",
    .tp_basicsize = sizeof(Walker),
    .tp_methods = walker_methods,
    .tp_new = PyType_GenericNew,
};

static int way_exec(PyObject *module) { return PyModule_AddType(module, &WalkerType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)way_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "way", .m_slots = slots};
PyMODINIT_FUNC PyInit_way(void) { return PyModuleDef_Init(&definition); }
