// Every change is made under the one mutex of the process; and a count that is only ever raised is no such count.
#include <Python.h>
#include <mutex>

struct Body {
  long holders = 1;
  long visits = 0;
  double values[64];
};
struct Vector {
  PyObject_HEAD
  Body *body;
};

static std::mutex counting;

static Body *hold(Body *body)
{
  const std::lock_guard<std::mutex> lock(counting);
  ++body->holders;
  return body;
}
static void drop(Body *body)
{
  const std::lock_guard<std::mutex> lock(counting);
  if (--body->holders == 0) delete body;
}

static PyObject *share(PyObject *op, PyObject *unused)
{
  Vector *twin = reinterpret_cast<Vector *>(Py_TYPE(op)->tp_alloc(Py_TYPE(op), 0));
  if (twin == nullptr) return nullptr;
  twin->body = hold(reinterpret_cast<Vector *>(op)->body);
  return reinterpret_cast<PyObject *>(twin);
}
static PyObject *create(PyTypeObject *type, PyObject *, PyObject *)
{
  Vector *self = reinterpret_cast<Vector *>(type->tp_alloc(type, 0));
  if (self != nullptr) self->body = new Body{};
  return reinterpret_cast<PyObject *>(self);
}
static void destroy(PyObject *op)
{
  PyTypeObject *type = Py_TYPE(op);
  drop(reinterpret_cast<Vector *>(op)->body);
  type->tp_free(op);
  Py_DECREF(type);
}
static PyMethodDef methods[] = {{"share", share, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot vector_slots[] = {
    {Py_tp_methods, methods},
    {Py_tp_new, reinterpret_cast<void *>(create)},
    {Py_tp_dealloc, reinterpret_cast<void *>(destroy)},
    {0, nullptr},
};
static PyType_Spec spec = {"vectors.Vector", sizeof(Vector), 0, Py_TPFLAGS_DEFAULT, vector_slots};
static int vectors_exec(PyObject *module) { return PyModule_Add(module, "Vector", PyType_FromSpec(&spec)); }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(vectors_exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "vectors", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_vectors() { return PyModuleDef_Init(&definition); }
