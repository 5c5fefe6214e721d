// An argument that a slot finds in a global while the type is called: set before, taken back behind. In a variable
// of the thread's own it is this call's. What stays set is no argument of the call.
#include <Python.h>

typedef struct {
  PyObject_HEAD void *first, *second, *third;
} Node;

static void *current, *kept;
static _Thread_local void* own;

static PyObject* Node_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  Node* self = (Node*)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  self->first = current;
  self->second = own;
  self->third = kept;
  return (PyObject*)self;
}

static PyTypeObject Node_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "nodes.Node", .tp_basicsize = sizeof(Node),
                                 .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_new = Node_new};

static PyObject* by_global(PyObject* module, PyObject* capsule) {
  void* what = PyCapsule_GetPointer(capsule, NULL);
  if (what == NULL) return NULL;
  current = what;  // expect: FT211
  PyObject* made = PyObject_CallNoArgs((PyObject*)&Node_Type);
  current = NULL;
  return made;
}

static PyObject* by_own(PyObject* module, PyObject* capsule) {
  void* what = PyCapsule_GetPointer(capsule, NULL);
  if (what == NULL) return NULL;
  own = what;
  PyObject* made = PyObject_CallNoArgs((PyObject*)&Node_Type);
  own = NULL;
  return made;
}

static PyObject* keep(PyObject* module, PyObject* capsule) {
  void* what = PyCapsule_GetPointer(capsule, NULL);
  if (what == NULL) return NULL;
  kept = what;  // expect: FT201
  return PyObject_CallNoArgs((PyObject*)&Node_Type);
}

static PyMethodDef methods[] = {{"by_global", by_global, METH_O, NULL},
                                {"by_own", by_own, METH_O, NULL},
                                {"keep", keep, METH_O, NULL},
                                {NULL, NULL, 0, NULL}};
static int fill(PyObject* module) { return PyModule_AddType(module, &Node_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void*)fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "nodes", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_nodes(void) { return PyModuleDef_Init(&definition); }
