// The slots of a C++ type from a spec; the count is a std::atomic, the cached shape is not.
#include <Python.h>
#include <atomic>

struct Tensor {
  PyObject_HEAD
  std::atomic<int> exports;
  Py_ssize_t stride;
  char bytes[32];
};

static int tensor_get(PyObject *op, Py_buffer *view, int flags)
{
  Tensor *self = reinterpret_cast<Tensor *>(op);
  if (PyBuffer_FillInfo(view, op, self->bytes, 32, 1, flags) < 0) return -1;
  self->stride = flags ? 1 : 2;  // expect: FT310
  view->strides = &self->stride;
  ++self->exports;
  return 0;
}
static void tensor_release(PyObject *op, Py_buffer *) { --reinterpret_cast<Tensor *>(op)->exports; }

static PyType_Slot tensor_slots[] = {
    {Py_bf_getbuffer, reinterpret_cast<void *>(tensor_get)},
    {Py_bf_releasebuffer, reinterpret_cast<void *>(tensor_release)},
    {0, nullptr},
};
static PyType_Spec tensor_spec = {"m.Tensor", sizeof(Tensor), 0, Py_TPFLAGS_DEFAULT, tensor_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&tensor_spec); }
