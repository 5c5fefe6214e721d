// A std::shared_lock lets other readers in: what is changed under it wants a std::unique_lock.
#include <Python.h>

#include <mutex>
#include <shared_mutex>

struct Route {
  PyObject_HEAD
  std::shared_mutex *gate;
  long length, asked, moved;
};

static PyObject *route_length(Route *self, PyObject *) {
  std::shared_lock<std::shared_mutex> reading(*self->gate);
  self->asked += 1;  // expect: FT303
  return PyLong_FromLong(self->length);
}
static PyObject *route_move(Route *self, PyObject *by) {
  const long more = PyLong_AsLong(by);
  std::unique_lock<std::shared_mutex> writing(*self->gate);
  self->length += more;
  self->moved += 1;
  Py_RETURN_NONE;
}
static PyObject *route_uses(Route *self, PyObject *) {
  std::shared_lock<std::shared_mutex> reading(*self->gate);
  return Py_BuildValue("ll", self->asked, self->moved);
}
static PyMethodDef route_methods[] = {
    {"length", (PyCFunction)route_length, METH_NOARGS, nullptr},
    {"move", (PyCFunction)route_move, METH_O, nullptr},
    {"uses", (PyCFunction)route_uses, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot route_slots[] = {{Py_tp_methods, route_methods}, {0, nullptr}};
static PyType_Spec route_spec = {"trips.Route", sizeof(Route), 0, Py_TPFLAGS_DEFAULT, route_slots};
static int trips_exec(PyObject *module) {
  PyObject *type = PyType_FromSpec(&route_spec);
  return type == nullptr ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)trips_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "trips", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_trips() { return PyModuleDef_Init(&definition); }
