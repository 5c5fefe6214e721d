// A flag that is taken by exchange, or tested and set under one lock, keeps everybody else off until it is given back.
// One whose taking is two steps, or that others clear too, does not.
#include <Python.h>
#include <stdatomic.h>
#include <stdbool.h>

// Whoever finds it free writes; everybody else comes back later.
typedef struct {
    PyObject_HEAD
    atomic_bool writing;
    long pages;
} Printer;

static PyObject *printer_feed(Printer *self, PyObject *unused)
{
    while (atomic_exchange_explicit(&self->writing, true, memory_order_acquire)) continue;
    self->pages++;
    atomic_store_explicit(&self->writing, false, memory_order_release);
    Py_RETURN_NONE;
}

static PyObject *printer_empty(Printer *self, PyObject *unused)
{
    if (atomic_exchange(&self->writing, true)) return PyErr_Format(PyExc_RuntimeError, "printing");
    long pages = self->pages;
    self->pages = 0;
    atomic_store(&self->writing, false);
    return PyLong_FromLong(pages);
}

// The same, and one method gives back what it has not taken.
typedef struct {
    PyObject_HEAD
    atomic_bool writing;
    long pages;
} Plotter;

static PyObject *plotter_feed(Plotter *self, PyObject *unused)
{
    if (atomic_exchange(&self->writing, true)) Py_RETURN_FALSE;
    self->pages++;  // expect: FT301
    atomic_store(&self->writing, false);
    Py_RETURN_TRUE;
}

static PyObject *plotter_reset(Plotter *self, PyObject *unused)
{
    atomic_store(&self->writing, false);
    Py_RETURN_NONE;
}

// Under a mutex that is not held while the object is in use.
typedef struct {
    PyObject_HEAD
    PyMutex gate;
    int lent;
    long readers, borrowed;
} Shelf;

static bool shelf_lend(Shelf *self)
{
    PyMutex_Lock(&self->gate);
    bool free = self->lent == 0;
    if (free) self->lent = 1;
    PyMutex_Unlock(&self->gate);
    return free;
}

static void shelf_back(Shelf *self)
{
    PyMutex_Lock(&self->gate);
    self->lent = 0;
    PyMutex_Unlock(&self->gate);
}

static PyObject *shelf_borrow(Shelf *self, PyObject *callback)
{
    if (!shelf_lend(self)) Py_RETURN_NONE;
    self->borrowed++;
    PyObject *result = PyObject_CallNoArgs(callback);
    self->borrowed--;
    shelf_back(self);
    return result;
}

// Nobody asks the gate here: the mutex is not held between the test and the store.
typedef struct {
    PyObject_HEAD
    PyMutex gate;
    int lent;
    long borrowed;
} Rack;

static PyObject *rack_borrow(Rack *self, PyObject *callback)
{
    PyMutex_Lock(&self->gate);
    bool free = self->lent == 0;
    PyMutex_Unlock(&self->gate);
    if (!free) Py_RETURN_NONE;
    PyMutex_Lock(&self->gate);
    self->lent = 1;
    PyMutex_Unlock(&self->gate);
    self->borrowed++;  // expect: FT301
    PyObject *result = PyObject_CallNoArgs(callback);
    PyMutex_Lock(&self->gate);
    self->lent = 0;
    PyMutex_Unlock(&self->gate);
    return result;
}

static PyMethodDef printer_methods[] = {
    {"feed", (PyCFunction)printer_feed, METH_NOARGS, NULL},
    {"empty", (PyCFunction)printer_empty, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef plotter_methods[] = {
    {"feed", (PyCFunction)plotter_feed, METH_NOARGS, NULL},
    {"reset", (PyCFunction)plotter_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef shelf_methods[] = {{"borrow", (PyCFunction)shelf_borrow, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef rack_methods[] = {{"borrow", (PyCFunction)rack_borrow, METH_O, NULL}, {NULL, NULL, 0, NULL}};

static PyTypeObject Printer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Printer", .tp_basicsize = sizeof(Printer),
    .tp_methods = printer_methods, .tp_new = PyType_GenericNew,
};
static PyTypeObject Plotter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Plotter", .tp_basicsize = sizeof(Plotter),
    .tp_methods = plotter_methods, .tp_new = PyType_GenericNew,
};
static PyTypeObject Shelf_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Shelf", .tp_basicsize = sizeof(Shelf),
    .tp_methods = shelf_methods, .tp_new = PyType_GenericNew,
};
static PyTypeObject Rack_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Rack", .tp_basicsize = sizeof(Rack),
    .tp_methods = rack_methods, .tp_new = PyType_GenericNew,
};

static int m_exec(PyObject *module)
{
    if (PyModule_AddType(module, &Printer_Type) < 0 || PyModule_AddType(module, &Plotter_Type) < 0) return -1;
    return PyModule_AddType(module, &Shelf_Type) < 0 ? -1 : PyModule_AddType(module, &Rack_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
