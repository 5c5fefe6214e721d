// While the collector asks what an object refers to, every other thread is stopped: nobody changes the dict. A method
// that walks it has no such luck.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *rooms;
} House;

static int House_traverse(House *self, visitproc visit, void *arg)
{
    PyObject *kind = (PyObject *)Py_TYPE(self)->tp_dict, *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(kind, &at, &name, &value)) Py_VISIT(value);
    at = 0;
    while (PyDict_Next(self->rooms, &at, &name, &value)) Py_VISIT(value);
    return 0;
}

static PyObject *House_count(House *self, PyObject *unused)
{
    PyObject *name, *value;
    Py_ssize_t at = 0, taken = 0;
    while (PyDict_Next(self->rooms, &at, &name, &value)) taken += value != Py_None;  // expect: FT104
    return PyLong_FromSsize_t(taken);
}

static PyObject *House_rooms(House *self, PyObject *unused) { return Py_NewRef(self->rooms); }

static PyMethodDef House_methods[] = {
    {"count", (PyCFunction)House_count, METH_NOARGS, NULL},
    {"rooms", (PyCFunction)House_rooms, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot House_slots[] = {
    {Py_tp_traverse, House_traverse}, {Py_tp_methods, House_methods}, {0, NULL}};
static PyType_Spec House_spec = {
    "houses.House", sizeof(House), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, House_slots};

static int houses_exec(PyObject *module) { return PyModule_AddType(module, (PyTypeObject *)PyType_FromSpec(&House_spec)); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, houses_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "houses", .m_slots = slots};
PyMODINIT_FUNC PyInit_houses(void) { return PyModuleDef_Init(&definition); }
