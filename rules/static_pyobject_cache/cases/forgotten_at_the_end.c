// The one object of its type is kept in two globals, which its end makes NULL again: the one that nobody looks at
// harms nobody; who looks at the other may take a reference to an object that is going.
#include <Python.h>

typedef struct {
  PyObject_HEAD
  long years;
} Veteran;

static Veteran *first_one, *honoured;

static void veteran_dealloc(PyObject *self)
{
  Py_TYPE(self)->tp_free(self);
  first_one = NULL;
  honoured = NULL;  // expect: FT205
}

static PyTypeObject Veteran_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "veterans.Veteran",
    .tp_basicsize = sizeof(Veteran),
    .tp_dealloc = veteran_dealloc,
};

static PyObject *who(PyObject *module, PyObject *unused)
{
  if (honoured == NULL) Py_RETURN_NONE;
  return Py_NewRef((PyObject *)honoured);
}

static int fill(PyObject *module)
{
  if (PyType_Ready(&Veteran_Type) < 0) return -1;
  first_one = honoured = (Veteran *)Veteran_Type.tp_alloc(&Veteran_Type, 0);
  if (honoured == NULL) return -1;
  return PyModule_Add(module, "VETERAN", (PyObject *)honoured);
}

static PyMethodDef methods[] = {{"who", who, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "veterans", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_veterans(void) { return PyModuleDef_Init(&definition); }
