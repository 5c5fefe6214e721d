// A smart pointer that is lent, or the guard that it keeps: others may have let go of the lock. Asked whether it holds,
// or kept by the pointer that it was moved to, it still does.
#include <Python.h>
#include <memory>
#include <mutex>
#include <vector>

using Lock = std::unique_lock<std::mutex>;
static std::mutex guard;
static long asked, moved, to_guard, to_pointer, by_address, taken, swapped, put_away, by_copy;

static void drop(Lock& held) { held.unlock(); }
static void drop(Lock* held) { held->unlock(); }
static void drop(std::unique_ptr<Lock>& held) { held.reset(); }

static PyObject* safe(PyObject*, PyObject* which) {
  if (PyObject_IsTrue(which)) {
    auto held = std::make_unique<Lock>(guard);
    if (!held->owns_lock()) Py_RETURN_NONE;
    return PyLong_FromLong(++asked);
  }
  auto first = std::make_unique<Lock>(guard);
  const std::unique_ptr<Lock> held = std::move(first);
  return PyLong_FromLong(++moved);
}

static PyObject* racy(PyObject*, PyObject* which) {
  auto held = std::make_unique<Lock>(guard);
  switch (PyLong_AsLong(which)) {
    case 0: drop(*held); return PyLong_FromLong(++to_guard);        // expect: FT201
    case 1: drop(held); return PyLong_FromLong(++to_pointer);       // expect: FT201
    case 2: drop(held.get()); return PyLong_FromLong(++by_address);  // expect: FT201
    case 3: {
      { const Lock other = std::move(*held); }
      return PyLong_FromLong(++taken);  // expect: FT201
    }
    case 4: {
      {
        std::unique_ptr<Lock> other;
        other.swap(held);
      }
      return PyLong_FromLong(++swapped);  // expect: FT201
    }
    default: {
      {
        std::vector<std::unique_ptr<Lock>> away;
        away.push_back(std::move(held));
      }
      return PyLong_FromLong(++put_away);  // expect: FT201
    }
  }
}

static PyObject* shared(PyObject*, PyObject*) {
  auto held = std::make_shared<Lock>(guard);
  const auto other = held;
  other->unlock();
  return PyLong_FromLong(++by_copy);  // expect: FT201
}

static PyMethodDef methods[] = {{"safe", safe, METH_O, nullptr},
                                {"racy", racy, METH_O, nullptr},
                                {"shared", shared, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
