// A guard that a smart pointer keeps holds its lock as long as that has it: also handed on, or given back by a helper.
// Not once it is destroyed, let go or unlocked, nor one that has not locked yet.
#include <Python.h>
#include <memory>
#include <mutex>

using Lock = std::unique_lock<std::mutex>;
static std::mutex guard;
static long by_unique, by_shared, by_helper, by_new, moved, assigned;
static long unlocked, deferred, dropped, emptied, reset, gone, outlived;

static std::unique_ptr<Lock> hold() { return std::make_unique<Lock>(guard); }

static PyObject* safe(PyObject*, PyObject* which) {
  switch (PyLong_AsLong(which)) {
    case 0: {
      auto held = std::make_unique<std::lock_guard<std::mutex>>(guard);
      return PyLong_FromLong(++by_unique);
    }
    case 1: {
      auto held = std::make_shared<std::lock_guard<std::mutex>>(guard);
      return PyLong_FromLong(++by_shared);
    }
    case 2: {
      const auto held = hold();
      return PyLong_FromLong(++by_helper);
    }
    case 3: {
      std::unique_ptr<Lock> held(new Lock(guard));
      return PyLong_FromLong(++by_new);
    }
    case 4: {
      auto first = std::make_unique<Lock>(guard);
      const auto held = std::move(first);
      return PyLong_FromLong(++moved);
    }
    default: {
      std::unique_ptr<Lock> held;
      held = std::make_unique<Lock>(guard);
      return PyLong_FromLong(++assigned);
    }
  }
}

static PyObject* racy(PyObject*, PyObject* which) {
  switch (PyLong_AsLong(which)) {
    case 0: {
      auto held = std::make_unique<Lock>(guard);
      held->unlock();
      return PyLong_FromLong(++unlocked);  // expect: FT201
    }
    case 1: {
      auto held = std::make_unique<Lock>(guard, std::defer_lock);
      return PyLong_FromLong(++deferred);  // expect: FT201
    }
    case 2: {
      hold();
      return PyLong_FromLong(++dropped);  // expect: FT201
    }
    case 3: {
      auto held = std::make_unique<Lock>(guard);
      held = nullptr;
      return PyLong_FromLong(++emptied);  // expect: FT201
    }
    case 4: {
      auto held = std::make_unique<std::lock_guard<std::mutex>>(guard);
      held.reset();
      return PyLong_FromLong(++reset);  // expect: FT201
    }
    case 5: {
      {
        std::unique_ptr<Lock> held(new Lock(guard));
      }
      return PyLong_FromLong(++gone);  // expect: FT201
    }
    default: {
      auto first = std::make_unique<Lock>(guard);
      { const auto held = std::move(first); }
      return PyLong_FromLong(++outlived);  // expect: FT201
    }
  }
}

static PyMethodDef methods[] = {
    {"safe", safe, METH_O, nullptr}, {"racy", racy, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
