// A list that only a wrapper on the stack has: what the wrapper gives back is what was put into it.
#include <Python.h>

class Ref {
  PyObject *object_ = nullptr;
  explicit Ref(PyObject *object) : object_(object) {}

 public:
  Ref() = default;
  Ref(const Ref &) = delete;
  Ref &operator=(const Ref &) = delete;
  Ref(Ref &&other) : object_(other.release()) {}
  ~Ref() { Py_XDECREF(object_); }
  static Ref steal(PyObject *object) { return Ref(object); }
  PyObject *get() const { return object_; }
  void reset(PyObject *object) {
    Py_XDECREF(object_);
    object_ = object;
  }
  PyObject *release() {
    PyObject *out = object_;
    object_ = nullptr;
    return out;
  }
};

static PyObject *stolen(PyObject *, PyObject *item) {
  Ref list = Ref::steal(PyList_New(1));
  if (list.get() == nullptr) return nullptr;
  PyList_SET_ITEM(list.get(), 0, Py_NewRef(item));
  return list.release();
}

static PyObject *filled(PyObject *, PyObject *item) {
  Ref list;
  list.reset(PyList_New(1));
  if (list.get() == nullptr) return nullptr;
  PyList_SET_ITEM(list.get(), 0, Py_NewRef(item));
  return list.release();
}

static PyObject *kept;

static PyObject *let_out(PyObject *, PyObject *item) {
  Ref list = Ref::steal(PyList_New(1));
  if (list.get() == nullptr) return nullptr;
  kept = Py_NewRef(list.get());
  PyList_SET_ITEM(list.get(), 0, Py_NewRef(item));  // expect: FT107
  return list.release();
}

static PyObject *borrowed(PyObject *, PyObject *given) {
  Ref list = Ref::steal(Py_NewRef(given));
  if (!PyList_Check(given)) return nullptr;
  PyList_SET_ITEM(list.get(), 0, Py_NewRef(Py_None));  // missed: FT107
  return list.release();
}

static PyMethodDef methods[] = {
    {"stolen", stolen, METH_O, nullptr},
    {"filled", filled, METH_O, nullptr},
    {"let_out", let_out, METH_O, nullptr},
    {"borrowed", borrowed, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "refs", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_refs() { return PyModuleDef_Init(&module_def); }
