// braid: the two types. A strand never changes; a cord can be moved on to another end.
#include <Python.h>

#include <new>

#include "node.h"
#include "section.h"

namespace {

Pool pool;
LockedPool locked_pool;

struct Strand {
  PyObject_HEAD
  Ref<Node> end;
  long uses;
};

struct Cord {
  PyObject_HEAD
  Ref<SafeNode> end;
  std::atomic<long> uses;
};

PyTypeObject* strand_type;
PyTypeObject* cord_type;

template <class Object, class T> PyObject* wrap(PyTypeObject* type, Ref<T> end) {
  auto* self = reinterpret_cast<Object*>(type->tp_alloc(type, 0));
  if (self == nullptr) return nullptr;
  new (&self->end) Ref<T>(std::move(end));
  return reinterpret_cast<PyObject*>(self);
}

template <class T> Ref<T> pushed(const Ref<T>& end, long value) {
  Ref<T> rest(end);
  return Ref<T>(new T(value, rest.detach()));
}

PyObject* strand_new(PyTypeObject* type, PyObject*, PyObject*) { return wrap<Strand>(type, Ref<Node>()); }

PyObject* strand_push(PyObject* object, PyObject* value) {
  auto* self = reinterpret_cast<Strand*>(object);
  const long n = PyLong_AsLong(value);
  if (n == -1 && PyErr_Occurred()) return nullptr;
  self->uses++;  // expect: FT301
  return wrap<Strand>(Py_TYPE(self), pushed(self->end, n));
}

PyObject* strand_list(PyObject* object, PyObject*) {
  auto* self = reinterpret_cast<Strand*>(object);
  PyObject* out = PyList_New(0);
  for (const Node* node = self->end.get(); out != nullptr && node != nullptr; node = node->next) {
    PyObject* value = PyLong_FromLong(node->value);
    if (value == nullptr || PyList_Append(out, value) < 0) Py_CLEAR(out);
    Py_XDECREF(value);
  }
  return out;
}

PyObject* strand_uses(PyObject* object, void*) { return PyLong_FromLong(reinterpret_cast<Strand*>(object)->uses); }

void strand_dealloc(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  reinterpret_cast<Strand*>(object)->end.~Ref();
  type->tp_free(object);
  Py_DECREF(type);
}

PyObject* cord_new(PyTypeObject* type, PyObject*, PyObject*) { return wrap<Cord>(type, Ref<SafeNode>()); }

// A copy of the end, made while nobody moves it.
Ref<SafeNode> end_of(Cord* self) {
  const Section section(self);
  return self->end;
}

PyObject* cord_push(PyObject* object, PyObject* value) {
  auto* self = reinterpret_cast<Cord*>(object);
  const long n = PyLong_AsLong(value);
  if (n == -1 && PyErr_Occurred()) return nullptr;
  self->uses.fetch_add(1, std::memory_order_relaxed);
  return wrap<Cord>(Py_TYPE(self), pushed(end_of(self), n));
}

PyObject* cord_move(PyObject* object, PyObject* other) {
  if (!PyObject_TypeCheck(other, cord_type)) return PyErr_Format(PyExc_TypeError, "a cord moves to a cord");
  auto* self = reinterpret_cast<Cord*>(object);
  Ref<SafeNode> end = end_of(reinterpret_cast<Cord*>(other));
  {
    const Section section(self);
    self->end = std::move(end);
  }
  Py_RETURN_NONE;
}

PyObject* cord_list(PyObject* object, PyObject*) {
  const Ref<SafeNode> end = end_of(reinterpret_cast<Cord*>(object));
  PyObject* out = PyList_New(0);
  for (const SafeNode* node = end.get(); out != nullptr && node != nullptr; node = node->next) {
    PyObject* value = PyLong_FromLong(node->value);
    if (value == nullptr || PyList_Append(out, value) < 0) Py_CLEAR(out);
    Py_XDECREF(value);
  }
  return out;
}

PyObject* cord_uses(PyObject* object, void*) { return PyLong_FromLong(reinterpret_cast<Cord*>(object)->uses.load()); }

void cord_dealloc(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  reinterpret_cast<Cord*>(object)->end.~Ref();
  type->tp_free(object);
  Py_DECREF(type);
}

PyMethodDef strand_methods[] = {{"push", strand_push, METH_O, nullptr},
                                {"list", strand_list, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
PyGetSetDef strand_getset[] = {{"uses", strand_uses, nullptr, nullptr, nullptr},
                               {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot strand_slots[] = {{Py_tp_new, reinterpret_cast<void*>(strand_new)},
                              {Py_tp_dealloc, reinterpret_cast<void*>(strand_dealloc)},
                              {Py_tp_methods, strand_methods},
                              {Py_tp_getset, strand_getset},
                              {0, nullptr}};
PyType_Spec strand_spec = {"braid.Strand", sizeof(Strand), 0, Py_TPFLAGS_DEFAULT, strand_slots};

PyMethodDef cord_methods[] = {{"push", cord_push, METH_O, nullptr},
                              {"move", cord_move, METH_O, nullptr},
                              {"list", cord_list, METH_NOARGS, nullptr},
                              {nullptr, nullptr, 0, nullptr}};
PyGetSetDef cord_getset[] = {{"uses", cord_uses, nullptr, nullptr, nullptr},
                             {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot cord_slots[] = {{Py_tp_new, reinterpret_cast<void*>(cord_new)},
                            {Py_tp_dealloc, reinterpret_cast<void*>(cord_dealloc)},
                            {Py_tp_methods, cord_methods},
                            {Py_tp_getset, cord_getset},
                            {0, nullptr}};
PyType_Spec cord_spec = {"braid.Cord", sizeof(Cord), 0, Py_TPFLAGS_DEFAULT, cord_slots};

int braid_exec(PyObject* module) {
  strand_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&strand_spec));
  cord_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&cord_spec));
  if (strand_type == nullptr || cord_type == nullptr) return -1;
  return PyModule_AddType(module, strand_type) < 0 || PyModule_AddType(module, cord_type) < 0 ? -1 : 0;
}

PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(braid_exec)},
                            {Py_mod_gil, Py_MOD_GIL_NOT_USED},  // expect: FT005
                            {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "braid", "Strands that share their tails", 0, nullptr, slots,
                          nullptr, nullptr, nullptr};

}  // namespace

void* Node::operator new(std::size_t size) { return pool.take(size); }
void Node::operator delete(void* memory) { pool.give(memory); }
void* SafeNode::operator new(std::size_t size) { return locked_pool.take(size); }
void SafeNode::operator delete(void* memory) { locked_pool.give(memory); }

PyMODINIT_FUNC PyInit_braid() { return PyModuleDef_Init(&definition); }
