// One template makes the objects of many classes, by as many instances: what it has just made is nobody else's,
// whichever of them it is.
#include <Python.h>

template <int N> struct Thing {
  PyObject_HEAD long *cells;
  long size;
};

template <class T> static T *make(PyTypeObject *type) {
  T *made = (T *)type->tp_alloc(type, 0);
  return made;
}

template <int N> static PyObject *thing_new(PyTypeObject *type, PyObject *, PyObject *) {
  Thing<N> *self = make<Thing<N>>(type);
  if (self == nullptr) return nullptr;
  self->cells = nullptr;
  self->size = N;
  return (PyObject *)self;
}

static PyObject *copy_last(PyObject *op, PyObject *) {
  Thing<7> *copy = make<Thing<7>>(Py_TYPE(op));
  if (copy == nullptr) return nullptr;
  copy->cells = (long *)PyMem_Calloc(7, sizeof(long));
  copy->size = copy->cells != nullptr ? 7 : 0;
  return (PyObject *)copy;
}

static PyObject *size_of_last(PyObject *op, PyObject *) { return PyLong_FromLong(((Thing<7> *)op)->size); }

static PyObject *drop_first(PyObject *op, PyObject *) {
  Thing<1> *self = (Thing<1> *)op;
  PyMem_Free(self->cells);
  self->cells = nullptr;  // expect: FT301
  Py_RETURN_NONE;
}

static PyMethodDef first_methods[] = {{"drop", drop_first, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyMethodDef last_methods[] = {{"copy", copy_last, METH_NOARGS, nullptr},
                                     {"size", size_of_last, METH_NOARGS, nullptr},
                                     {nullptr, nullptr, 0, nullptr}};

template <int N> static int add(PyObject *module, const char *name, PyMethodDef *methods) {
  PyType_Slot slots[] = {{Py_tp_new, (void *)thing_new<N>}, {Py_tp_methods, methods}, {0, nullptr}};
  PyType_Spec spec = {name, sizeof(Thing<N>), 0, Py_TPFLAGS_DEFAULT, slots};
  PyObject *type = PyType_FromSpec(&spec);
  const int rc = type == nullptr ? -1 : PyModule_AddObjectRef(module, name, type);
  Py_XDECREF(type);
  return rc;
}

static PyMethodDef no_methods[] = {{nullptr, nullptr, 0, nullptr}};

static int fill(PyObject *module) {
  return add<1>(module, "First", first_methods) | add<2>(module, "Second", no_methods) |
         add<3>(module, "Third", no_methods) | add<4>(module, "Fourth", no_methods) |
         add<5>(module, "Fifth", no_methods) | add<6>(module, "Sixth", no_methods) |
         add<7>(module, "Last", last_methods);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
