// A const method of a C++ class in the object fills a mutable member.
#include <Python.h>

class Shape {
 public:
  double area() const
  {
    if (area_ < 0) area_ = side_ * side_;  // missed: FT307
    return area_;
  }
  const char *name() const
  {
    if (!name_) name_ = new char[8]();  // expect: FT307
    return name_;
  }

 private:
  double side_ = 1;
  mutable double area_ = -1;
  mutable char *name_ = nullptr;
};

struct Holder { PyObject_HEAD Shape shape; };

static PyObject *area(PyObject *op, PyObject *) { return PyFloat_FromDouble(reinterpret_cast<Holder *>(op)->shape.area()); }
static PyObject *name(PyObject *op, PyObject *) { return PyUnicode_FromString(reinterpret_cast<Holder *>(op)->shape.name()); }

static PyMethodDef holder_methods[] = {
    {"area", area, METH_NOARGS, nullptr},
    {"name", name, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot holder_slots[] = {{Py_tp_methods, holder_methods}, {0, nullptr}};
static PyType_Spec holder_spec = {"m.Holder", sizeof(Holder), 0, Py_TPFLAGS_DEFAULT, holder_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&holder_spec); }
