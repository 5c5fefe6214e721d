#include <Python.h>

typedef struct {
    PyObject_HEAD
    long miles;
} Odometer;

static PyObject *odometer_drive(PyObject *op, PyObject *arg)
{
    Odometer *self = (Odometer *)op;
    long more = PyLong_AsLong(arg);
    if (more == -1 && PyErr_Occurred()) return NULL;
    self->miles += more;  /* expect: FT301 */
    Py_RETURN_NONE;
}

static PyObject *odometer_get_miles(PyObject *op, void *unused)
{
    return PyLong_FromLong(((Odometer *)op)->miles);
}

static PyMethodDef odometer_methods[] = {
    {"drive", odometer_drive, METH_O, "drive($self, miles, /)\n--\n\nAdds to the miles."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef odometer_getset[] = {
    {"miles", odometer_get_miles, NULL, "Miles driven so far.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot odometer_slots[] = {
    {Py_tp_methods, odometer_methods},
    {Py_tp_getset, odometer_getset},
    {Py_tp_doc, "Odometer()\n--\n\nCounts miles."},
    {0, NULL},
};

static PyType_Spec odometer_spec = {
    .name = "odometer.Odometer", .basicsize = sizeof(Odometer), .flags = Py_TPFLAGS_DEFAULT, .slots = odometer_slots};

static int odometer_exec(PyObject *module)
{
    return PyModule_Add(module, "Odometer", PyType_FromSpec(&odometer_spec));
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, odometer_exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "odometer", .m_slots = module_slots};

PyMODINIT_FUNC PyInit_odometer(void) { return PyModuleDef_Init(&module_def); }
