// The iterator keeps its last item, and releases the one before at each step.
#include <Python.h>

struct Pairs { PyObject_HEAD PyObject *source, *last; };

static PyObject *pairs_next(PyObject *op)
{
  Pairs *self = reinterpret_cast<Pairs *>(op);
  PyObject *item = PyIter_Next(self->source);
  if (item == nullptr) return nullptr;
  Py_XSETREF(self->last, Py_NewRef(item));  // expect: FT306
  return item;
}

static PyType_Slot pairs_slots[] = {
    {Py_tp_iter, reinterpret_cast<void *>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void *>(pairs_next)},
    {0, nullptr},
};
static PyType_Spec pairs_spec = {"m.Pairs", sizeof(Pairs), 0, Py_TPFLAGS_DEFAULT, pairs_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&pairs_spec); }
