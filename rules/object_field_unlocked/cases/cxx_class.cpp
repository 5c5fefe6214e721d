// A C++ class that an object holds: what its methods lock with a guard is safe, a count beside it is not.
#include <Python.h>
#include <mutex>

class Log {
 public:
  void add(int n) { std::lock_guard<std::mutex> guard(mutex_); sum_ += n; }
  int sum() { std::lock_guard<std::mutex> guard(mutex_); return sum_; }
  void mark() { marks_++; }  // expect: FT301
  int marks() const { return marks_; }

 private:
  std::mutex mutex_;
  int sum_ = 0, marks_ = 0;
};

struct Book {
  PyObject_HEAD
  Log log;
};

static PyObject *book_add(PyObject *op, PyObject *) { reinterpret_cast<Book *>(op)->log.add(1); Py_RETURN_NONE; }
static PyObject *book_mark(PyObject *op, PyObject *) { reinterpret_cast<Book *>(op)->log.mark(); Py_RETURN_NONE; }
static PyObject *book_sum(PyObject *op, PyObject *)
{
  Log &log = reinterpret_cast<Book *>(op)->log;
  return PyLong_FromLong(log.sum() + log.marks());
}

static PyMethodDef book_methods[] = {
    {"add", book_add, METH_NOARGS, nullptr},
    {"mark", book_mark, METH_NOARGS, nullptr},
    {"sum", book_sum, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot book_slots[] = {{Py_tp_methods, book_methods}, {0, nullptr}};
static PyType_Spec book_spec = {"book.Book", sizeof(Book), 0, Py_TPFLAGS_DEFAULT, book_slots};
PyMODINIT_FUNC PyInit_book(void) { return PyType_FromSpec(&book_spec); }
