// A reference is copied out under the mutex. Into a local that has an object already that one is let go of under it; into
// one that was made empty nothing is, which is not seen: the assignment swaps.
#include <Python.h>

#include <mutex>
#include <utility>

class Ref {
 public:
  Ref() = default;
  explicit Ref(PyObject* object) : object_(object) {}
  Ref(const Ref& other) : object_(Py_XNewRef(other.object_)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() { Py_XDECREF(object_); }
  PyObject* get() const { return object_; }

 private:
  PyObject* object_ = nullptr;
};

static std::mutex mutex;
static Ref kept, other;

static PyObject* fresh(PyObject*, PyObject*) {
  Ref copy;
  {
    std::lock_guard<std::mutex> held(mutex);
    copy = kept;  // false-alarm: FT405
  }
  return Py_NewRef(copy.get() ? copy.get() : Py_None);
}

static PyObject* filled(PyObject*, PyObject* object) {
  Ref copy(Py_NewRef(object));
  {
    std::lock_guard<std::mutex> held(mutex);
    copy = other;  // expect: FT405
  }
  return Py_NewRef(copy.get() ? copy.get() : Py_None);
}

static PyMethodDef methods[] = {
    {"fresh", fresh, METH_NOARGS, nullptr}, {"filled", filled, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
