// A lock an element: two of them, which nobody has shown to be one, are a deadlock with oneself at most (told as
// possible). The same one is.
#include <Python.h>
#include <mutex>
#include <vector>

struct Roads {
  std::vector<std::mutex> gates{64};
  std::vector<std::vector<unsigned>> next{64};

  unsigned end_of(unsigned from)
  {
    unsigned at = from;
    for (int steps = 0; steps < 64; ++steps) {
      std::lock_guard<std::mutex> guard(gates[at]);
      if (next[at].empty()) break;
      at = next[at][0];
    }
    return at;
  }

  unsigned join(unsigned fresh, unsigned old)
  {
    std::lock_guard<std::mutex> guard(gates[fresh]);
    const unsigned end = end_of(old);  // expect: FT407
    next[fresh].push_back(old);
    return end;
  }

  std::size_t ways(unsigned at)
  {
    std::lock_guard<std::mutex> guard(gates[0]);
    return next[at].size();
  }

  std::size_t all()
  {
    std::lock_guard<std::mutex> guard(gates[0]);
    return ways(0);  // expect: FT407
  }
};

static Roads roads;

static PyObject *join(PyObject *, PyObject *args)
{
  unsigned fresh, old;
  if (!PyArg_ParseTuple(args, "II", &fresh, &old)) return nullptr;
  if (fresh >= 64 || old >= 64 || fresh == old) Py_RETURN_NONE;
  return PyLong_FromUnsignedLong(roads.join(fresh, old));
}
static PyObject *all(PyObject *, PyObject *) { return PyLong_FromSize_t(roads.all()); }

static PyMethodDef methods[] = {{"join", join, METH_VARARGS, nullptr}, {"all", all, METH_NOARGS, nullptr}, {}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "roads", nullptr, 0, methods};
PyMODINIT_FUNC PyInit_roads() { return PyModuleDef_Init(&definition); }
