// Whatever namespace the function stands in, C finds it by its name.
#include <Python.h>

namespace harbour {

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, -1};

extern "C" PyObject *PyInit_m() {
  return PyModule_Create(&definition);  // expect: FT002
}

namespace pier {
static PyModuleDef declared = {PyModuleDef_HEAD_INIT, "n", nullptr, -1};
extern "C" {
PyObject *PyInit_n() {
  PyObject *module = PyModule_Create(&declared);
#ifdef Py_GIL_DISABLED
  if (module != nullptr) PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
  return module;
}
}
}  // namespace pier

}  // namespace harbour
