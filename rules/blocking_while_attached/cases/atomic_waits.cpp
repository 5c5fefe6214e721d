// Waiting for an atomic, a semaphore, a latch or a barrier is waiting for another thread.
#include <Python.h>
#include <atomic>
#include <latch>
#include <semaphore>

static std::atomic<int> ready{0};
static std::atomic_flag flag;
static std::counting_semaphore<4> places(4);
static std::latch gate(3);

static PyObject* attached(PyObject*, PyObject*) {
  ready.wait(0);                // expect: FT506
  flag.wait(false);             // expect: FT506
  std::atomic_wait(&ready, 0);  // expect: FT506
  places.acquire();             // expect: FT506
  gate.wait();                  // expect: FT506
  Py_RETURN_NONE;
}

static PyObject* detached(PyObject*, PyObject*) {
  Py_BEGIN_ALLOW_THREADS ready.wait(0);
  flag.wait(false);
  places.acquire();
  gate.arrive_and_wait();
  Py_END_ALLOW_THREADS Py_RETURN_NONE;
}

static PyObject* set(PyObject*, PyObject*) {
  ready.store(1);
  ready.notify_all();
  flag.test_and_set();
  flag.notify_one();
  places.release();
  gate.count_down();
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"attached", attached, METH_O, nullptr},
                                {"detached", detached, METH_O, nullptr},
                                {"set", set, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
