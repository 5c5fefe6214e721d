// A thread that an object starts when it is made, and that works on a part of it: the threads of two objects have
// nothing in common. What a method uses beside the thread has no such owner, nor has what two threads of one object do.
#include <Python.h>

#include <functional>
#include <thread>

struct Alone {
  long count = 0;
  void run() { ++count; }
};
struct Shown {
  long count = 0;
  void run() { ++count; }  // expect: FT301
};
struct Both {
  long count = 0;
  void run() { ++count; }  // expect: FT301
};

static void work(Alone &part) {
  for (int i = 0; i < 1000; ++i) part.run();
}
static void work_beside(Shown &part) {
  for (int i = 0; i < 1000; ++i) part.run();
}
static void work_together(Both &part) {
  for (int i = 0; i < 1000; ++i) part.run();
}

struct Worker {
  Worker() : thread_(work, std::ref(part_)) {}
  ~Worker() { thread_.join(); }
  Alone part_;
  std::thread thread_;
};

struct Shower {
  Shower() : thread_(work_beside, std::ref(part_)) {}
  ~Shower() { thread_.join(); }
  Shown part_;
  std::thread thread_;
};

struct Pair {
  Pair() : first_(work_together, std::ref(part_)), second_(work_together, std::ref(part_)) {}
  ~Pair() {
    first_.join();
    second_.join();
  }
  Both part_;
  std::thread first_, second_;
};

struct Object {
  PyObject_HEAD Worker *worker;
  Shower *shower;
  Pair *pair;
};

static PyObject *object_new(PyTypeObject *type, PyObject *, PyObject *) {
  Object *self = (Object *)type->tp_alloc(type, 0);
  if (self == nullptr) return nullptr;
  self->worker = new Worker;
  self->shower = new Shower;
  self->pair = new Pair;
  return (PyObject *)self;
}

static PyObject *shown(PyObject *self, PyObject *) {
  return PyLong_FromLong(((Object *)self)->shower->part_.count);
}

static PyMethodDef object_methods[] = {{"shown", shown, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot object_slots[] = {
    {Py_tp_new, (void *)object_new}, {Py_tp_methods, object_methods}, {0, nullptr}};
static PyType_Spec object_spec = {"m.Object", sizeof(Object), 0, Py_TPFLAGS_DEFAULT, object_slots};

static int fill(PyObject *module) {
  PyObject *type = PyType_FromSpec(&object_spec);
  const int rc = type == nullptr ? -1 : PyModule_AddObjectRef(module, "Object", type);
  Py_XDECREF(type);
  return rc;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
