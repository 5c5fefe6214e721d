// map[key] puts a key in that is not there; one that was seen there is only found.
#include <Python.h>

#include <map>
#include <string>

typedef long (*Maker)(long);

static std::map<std::string, Maker> makers, others;
static std::map<long, Maker> by_number;

static long twice(long n) { return n * 2; }

static PyObject *make(PyObject *, PyObject *arg) {
  const std::string name = PyUnicode_AsUTF8(arg);
  if (makers.count(name)) return PyLong_FromLong(makers[name](1));
  Py_RETURN_NONE;
}

static PyObject *make_other(PyObject *, PyObject *arg) {
  const std::string name = PyUnicode_AsUTF8(arg);
  Maker maker = others[name];  // expect: FT805
  return PyLong_FromLong(maker ? maker(1) : 0);
}

static PyObject *make_by_number(PyObject *, PyObject *arg) {
  const long n = PyLong_AsLong(arg), next = n + 1;
  if (by_number.count(n) == 0) Py_RETURN_NONE;
  Maker maker = by_number[n];
  if (maker == nullptr) maker = by_number[next];  // expect: FT805
  return PyLong_FromLong(maker ? maker(1) : 0);
}

static PyMethodDef methods[] = {
    {"make", make, METH_O, nullptr},
    {"make_other", make_other, METH_O, nullptr},
    {"make_by_number", make_by_number, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "m", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_m() {
  makers["twice"] = twice;
  return PyModule_Create(&module_def);
}
