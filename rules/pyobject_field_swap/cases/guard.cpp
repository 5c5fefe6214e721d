// Swapped under a guard of a mutex in the object, in a class of its own.
#include <Python.h>
#include <mutex>

class Slot {
 public:
  PyObject *get() { std::lock_guard<std::mutex> guard(mutex_); return Py_XNewRef(object_); }
  void set(PyObject *object)
  {
    PyObject *old;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      old = object_;
      object_ = Py_XNewRef(object);
    }
    Py_XDECREF(old);
  }

 private:
  std::mutex mutex_;
  PyObject *object_ = nullptr;
};

struct Holder { PyObject_HEAD Slot slot; };

static PyObject *holder_get(PyObject *op, PyObject *) { return reinterpret_cast<Holder *>(op)->slot.get(); }
static PyObject *holder_set(PyObject *op, PyObject *v) { reinterpret_cast<Holder *>(op)->slot.set(v); Py_RETURN_NONE; }

static PyMethodDef holder_methods[] = {
    {"get", holder_get, METH_NOARGS, nullptr},
    {"set", holder_set, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot holder_slots[] = {{Py_tp_methods, holder_methods}, {0, nullptr}};
static PyType_Spec holder_spec = {"holder.Holder", sizeof(Holder), 0, Py_TPFLAGS_DEFAULT, holder_slots};
PyMODINIT_FUNC PyInit_holder(void) { return PyType_FromSpec(&holder_spec); }
