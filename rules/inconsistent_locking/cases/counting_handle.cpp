// A class that counts, held by the object; one of its members forgets the mutex that the others take.
#include <Python.h>
#include <mutex>
#include <new>

class Handle {
  struct Page {
    int users = 1;
    std::mutex gate;
    char text[256] = {};
  };
  Page *page_;

 public:
  Handle() : page_(new Page) {}
  Handle(const Handle &other) : page_(other.page_)
  {
    const std::lock_guard<std::mutex> lock(page_->gate);
    page_->users++;  // no-side: FT303
  }
  ~Handle()
  {
    int left = --page_->users;  // expect: FT303
    if (left > 0) return;
    delete page_;
  }
  const char *text() const { return page_->text; }
};

struct Note {
  PyObject_HEAD
  Handle handle;
};

static PyObject *note_copy(PyObject *op, PyObject *)
{
  PyObject *twin = Py_TYPE(op)->tp_alloc(Py_TYPE(op), 0);
  if (twin != nullptr) new (&reinterpret_cast<Note *>(twin)->handle) Handle(reinterpret_cast<Note *>(op)->handle);
  return twin;
}
static void note_dealloc(PyObject *op)
{
  PyTypeObject *type = Py_TYPE(op);
  reinterpret_cast<Note *>(op)->handle.~Handle();
  type->tp_free(op);
  Py_DECREF(type);
}
static PyMethodDef note_methods[] = {{"copy", note_copy, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot note_slots[] = {
    {Py_tp_methods, note_methods}, {Py_tp_dealloc, reinterpret_cast<void *>(note_dealloc)}, {0, nullptr}};
static PyType_Spec note_spec = {"notes.Note", sizeof(Note), 0, Py_TPFLAGS_DEFAULT, note_slots};
static int notes_exec(PyObject *module) { return PyModule_Add(module, "Note", PyType_FromSpec(&note_spec)); }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(notes_exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "notes", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_notes() { return PyModuleDef_Init(&definition); }
