// am_anext steps like tp_iternext does.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t round; } Ticker;

static PyObject *ticker_anext(Ticker *self)
{
    Py_ssize_t round = self->round;
    self->round = round + 1;  // expect: FT305
    return PyLong_FromSsize_t(round);
}

static PyType_Slot ticker_slots[] = {{Py_am_anext, ticker_anext}, {0, NULL}};
static PyType_Spec ticker_spec = {"m.Ticker", sizeof(Ticker), 0, Py_TPFLAGS_DEFAULT, ticker_slots};
static int m_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &ticker_spec, NULL);
    return type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
