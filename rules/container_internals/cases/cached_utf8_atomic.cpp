// The pointer is loaded with acquire order: where it is there, the length is.
#include <Python.h>

struct Name {
  const char *text;
  Py_ssize_t size;
};

static Name cached(PyObject *name)
{
  auto *compact = reinterpret_cast<PyCompactUnicodeObject *>(name);
  const char *text = __atomic_load_n(&compact->utf8, __ATOMIC_ACQUIRE);
  return {text, text == nullptr ? 0 : __atomic_load_n(&compact->utf8_length, __ATOMIC_RELAXED)};
}

static PyObject *copy(PyObject *, PyObject *name)
{
  if (!PyUnicode_Check(name)) return PyErr_Format(PyExc_TypeError, "a name");
  Name known = cached(name);
  if (known.text == nullptr) known.text = PyUnicode_AsUTF8AndSize(name, &known.size);
  return known.text == nullptr ? nullptr : PyBytes_FromStringAndSize(known.text, known.size);
}

static PyMethodDef methods[] = {{"copy", copy, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "copies", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_copies() { return PyModuleDef_Init(&definition); }
