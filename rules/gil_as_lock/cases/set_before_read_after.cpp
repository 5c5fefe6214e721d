// What a function sets before it starts its threads and reads when it has joined them meets the threads of another call
// alone; what is read while they run meets them itself.
#include <Python.h>

#include <thread>
#include <vector>

static long written, shown;

static void work() {
  written += 10;
  shown += 10;  // expect: FT502
}

static PyObject *run(PyObject *, PyObject *) {
  Py_BEGIN_ALLOW_THREADS
  written = 0;
  shown = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(work);
  for (auto &thread : threads) thread.join();
  Py_END_ALLOW_THREADS
  return PyLong_FromLong(written + shown);
}

static PyObject *progress(PyObject *, PyObject *) { return PyLong_FromLong(shown); }

static PyMethodDef methods[] = {
    {"run", run, METH_NOARGS, nullptr}, {"progress", progress, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "m", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_m() { return PyModule_Create(&module_def); }
