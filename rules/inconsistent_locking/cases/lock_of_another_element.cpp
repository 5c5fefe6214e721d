// An array of locks, one for each row: who holds that of one row and uses another holds nothing.
#include <Python.h>
#include <mutex>
#include <vector>

struct Table {
  std::vector<std::mutex> locks{16};
  std::vector<long> sums = std::vector<long>(16);

  void put(unsigned i, long x) {
    std::lock_guard<std::mutex> held(locks[i]);
    sums[i] += x;
  }
  void move(unsigned from, unsigned to, long x) {
    std::lock_guard<std::mutex> held(locks[to]);
    sums[to] += x;
  }
  void take(unsigned from, unsigned to, long x) {
    std::lock_guard<std::mutex> held(locks[from]);
    sums[to] -= x;  // expect: FT303
  }
};
static Table table;

// A stripe for many.
static std::mutex stripes[4];
static long counts[64];

static PyObject* put(PyObject*, PyObject* args) {
  unsigned i, j;
  long x;
  if (!PyArg_ParseTuple(args, "IIl", &i, &j, &x)) return nullptr;
  table.put(i & 15, x);
  table.move(i & 15, j & 15, x);
  table.take(i & 15, j & 15, x);
  const unsigned stripe = i % 4;
  std::lock_guard<std::mutex> held(stripes[stripe]);
  counts[i]++;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"put", put, METH_VARARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
