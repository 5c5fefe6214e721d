// A library's own initialiser, which nothing here calls: a module that is written in Cython may call it at import, so this is
// possible, and no more.
#include <Python.h>
#include <datetime.h>

namespace dates {

PyDateTime_CAPI *table = nullptr;

void init() { table = static_cast<PyDateTime_CAPI *>(PyCapsule_Import(PyDateTime_CAPSULE_NAME, 0)); }  // expect: FT213

}  // namespace dates

static PyObject *is_date(PyObject *, PyObject *given) {
  return PyBool_FromLong(dates::table != nullptr && PyObject_TypeCheck(given, dates::table->DateType));
}

static PyMethodDef methods[] = {{"is_date", is_date, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "dates", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_dates() { return PyModuleDef_Init(&module_def); }
