// What says nothing of who has done what: a count going up that is found 0, one that is not yet at its end, a number that
// has nothing to do with the atomic, an exchange that somebody else has won, the old value of a compare-and-swap.
#include <Python.h>
#include <atomic>
#include <thread>
#include <vector>

template <class Body> static void run(Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back([&, i] { body(i & 1); });
  for (auto& thread : threads) thread.join();
}
static void put(std::vector<int>& into) { into.push_back(1); }
static void put_by_kind(std::vector<int>& into) { into.push_back(1); }  // expect: FT807
static void put_too_late(std::vector<int>& into) { into.push_back(1); }  // expect: FT807

static PyObject* found_none(PyObject*, PyObject*) {
  std::atomic<int> done{0};
  std::vector<int> hits;
  std::thread one([&] {
    hits.push_back(1);  // expect: FT807
    done.fetch_add(1);
  });
  std::thread two([&] {
    if (done.load() == 0) hits.push_back(2);
  });
  one.join();
  two.join();
  return PyLong_FromSize_t(hits.size());
}

static PyObject* by_kind(PyObject*, PyObject*) {
  std::atomic<int> started{0};
  std::vector<int> hits;
  run([&](int kind) {
    started.fetch_add(1);
    if (kind == 0) put_by_kind(hits);
  });
  return PyLong_FromSize_t(hits.size());
}

static PyObject* too_late(PyObject*, PyObject*) {
  std::atomic<bool> flag{false};
  std::vector<int> hits;
  run([&](int) {
    if (flag.exchange(true)) put_too_late(hits);
  });
  return PyLong_FromSize_t(hits.size());
}

static PyObject* first(PyObject*, PyObject*) {
  std::atomic<bool> flag{false};
  std::vector<int> hits;
  run([&](int) {
    if (!flag.exchange(true)) put(hits);
  });
  return PyLong_FromSize_t(hits.size());
}

static PyMethodDef methods[] = {{"found_none", found_none, METH_NOARGS, nullptr},
                                {"by_kind", by_kind, METH_NOARGS, nullptr},
                                {"too_late", too_late, METH_NOARGS, nullptr},
                                {"first", first, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
