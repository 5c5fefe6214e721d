// A wrapper of call_once runs what it is given once, from each of its instances.
#include <Python.h>

#include <mutex>

static PyObject *decimal_type, *fraction_type;

struct Once {
  std::once_flag flag;
  const char *name;

  template <class Fill>
  void run(Fill &&fill) {
    auto init = [&]() {
      if (PyObject *module = PyImport_ImportModule(name)) fill(module);
    };
    std::call_once(flag, init);
  }
};

static Once decimal_once{{}, "decimal"}, fraction_once{{}, "fractions"};

static PyObject *decimal(PyObject *, PyObject *) {
  decimal_once.run([](PyObject *module) { decimal_type = PyObject_GetAttrString(module, "Decimal"); });
  return Py_XNewRef(decimal_type);
}

static PyObject *fraction(PyObject *, PyObject *) {
  fraction_once.run([](PyObject *module) { fraction_type = PyObject_GetAttrString(module, "Fraction"); });
  return Py_XNewRef(fraction_type);
}

template <class Fill>
static void now(Fill &&fill) {
  auto again = [&]() { fill(); };
  again();
}

static PyObject *latest;

static PyObject *renew(PyObject *, PyObject *name) {
  now([name]() { latest = PyImport_Import(name); });  // expect: FT205
  return Py_XNewRef(latest);
}

static PyMethodDef methods[] = {
    {"decimal", decimal, METH_NOARGS, nullptr},
    {"fraction", fraction, METH_NOARGS, nullptr},
    {"renew", renew, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "numbers", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_numbers() { return PyModuleDef_Init(&module_def); }
