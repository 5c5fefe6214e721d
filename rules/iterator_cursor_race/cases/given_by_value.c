// The position goes to a library by value, which says itself where the end is: items come twice or not at all. The twin
// finds its item in an array of its own.
#include <Python.h>

extern const char *station_name(long number);  // NULL behind the last one

typedef struct {
    PyObject_HEAD
    long next;
} Line;

static PyObject *line_next(Line *self)
{
    const char *name = station_name(self->next);
    if (name == NULL) return NULL;
    self->next += 1;  // expect: FT305
    return PyUnicode_FromString(name);
}

typedef struct {
    PyObject_HEAD
    long next;
    const char *names[8];
} Tour;

static PyObject *tour_next(Tour *self)
{
    if (self->next >= 8) return NULL;
    const char *name = self->names[self->next];
    self->next += 1;  // expect: FT305
    return PyUnicode_FromString(name);
}

static PyType_Slot line_slots[] = {{Py_tp_iter, PyObject_SelfIter}, {Py_tp_iternext, line_next}, {0, NULL}};
static PyType_Spec line_spec = {"rail.Line", sizeof(Line), 0, Py_TPFLAGS_DEFAULT, line_slots};
static PyType_Slot tour_slots[] = {{Py_tp_iter, PyObject_SelfIter}, {Py_tp_iternext, tour_next}, {0, NULL}};
static PyType_Spec tour_spec = {"rail.Tour", sizeof(Tour), 0, Py_TPFLAGS_DEFAULT, tour_slots};
static int rail_exec(PyObject *module)
{
    if (PyModule_Add(module, "Line", PyType_FromSpec(&line_spec)) < 0) return -1;
    return PyModule_Add(module, "Tour", PyType_FromSpec(&tour_spec));
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)rail_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "rail", .m_slots = slots};
PyMODINIT_FUNC PyInit_rail(void) { return PyModuleDef_Init(&definition); }
