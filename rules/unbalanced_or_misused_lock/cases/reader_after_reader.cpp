// Readers one after the other, and a second lock inside the first: nobody waits for itself.
#include <Python.h>
#include <mutex>
#include <shared_mutex>
#include <vector>

struct Log {
  std::shared_mutex gate;
  std::vector<long> lines;
};
static Log first, second;

static long last_of(Log &log)
{
  std::shared_lock reading(log.gate);
  return log.lines.empty() ? -1 : log.lines.back();
}
static PyObject *newest(PyObject *, PyObject *)
{
  long seen;
  {
    std::shared_lock reading(first.gate);
    seen = static_cast<long>(first.lines.size());
    if (seen == 0) seen = last_of(second);
  }
  return PyLong_FromLong(seen + last_of(first));
}
static PyObject *append(PyObject *, PyObject *arg)
{
  const long line = PyLong_AsLong(arg);
  if (line == -1 && PyErr_Occurred()) return nullptr;
  {
    std::unique_lock writing(first.gate);
    first.lines.push_back(line);
  }
  std::unique_lock writing(second.gate);
  second.lines.push_back(line);
  Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"newest", newest, METH_NOARGS, nullptr}, {"append", append, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "log", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_log() { return PyModuleDef_Init(&definition); }
