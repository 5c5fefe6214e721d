// One reader inside another, in one function and through a helper; a writer in between stops both.
#include <Python.h>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

struct Rates {
  std::shared_mutex gate;
  std::map<std::string, double> all;

  double of(const std::string &name)
  {
    std::shared_lock reading(gate);
    const auto at = all.find(name);
    return at == all.end() ? 1.0 : at->second;
  }

  double across(const std::string &from, const std::string &to)
  {
    std::shared_lock reading(gate);
    return of(from) / of(to);  // expect: FT407
  }

  std::size_t count()
  {
    gate.lock_shared();
    std::size_t out = 0;
    if (!all.empty()) {
      gate.lock_shared();  // expect: FT407
      out = all.size();
      gate.unlock_shared();
    }
    gate.unlock_shared();
    return out;
  }

  void set(const std::string &name, double rate)
  {
    std::unique_lock writing(gate);
    all[name] = rate;
  }
};

static Rates rates;

static PyObject *convert(PyObject *, PyObject *args)
{
  const char *from, *to;
  if (!PyArg_ParseTuple(args, "ss", &from, &to)) return nullptr;
  return PyFloat_FromDouble(rates.across(from, to) * static_cast<double>(rates.count()));
}
static PyObject *set(PyObject *, PyObject *args)
{
  const char *name;
  double rate;
  if (!PyArg_ParseTuple(args, "sd", &name, &rate)) return nullptr;
  rates.set(name, rate);
  Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"convert", convert, METH_VARARGS, nullptr}, {"set", set, METH_VARARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "rates", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_rates() { return PyModuleDef_Init(&definition); }
