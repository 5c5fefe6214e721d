// What a thread is told by a pointer: one struct for all of them, or an element for each.
#include <Python.h>
#include <pthread.h>

struct Job {
  long total;
  int n;
};
struct Locked {
  pthread_mutex_t mutex;
  long total;
};
struct Own {
  long total;
  int n;
};

static void* together(void* given) {
  auto* job = static_cast<Job*>(given);
  for (int i = 0; i < job->n; i++) job->total += i;  // expect: FT807
  return nullptr;
}
static void* locked(void* given) {
  auto* job = static_cast<Locked*>(given);
  pthread_mutex_lock(&job->mutex);
  job->total += 1;
  pthread_mutex_unlock(&job->mutex);
  return nullptr;
}
static void* apart(void* given) {
  auto* job = static_cast<Own*>(given);
  for (int i = 0; i < job->n; i++) job->total += i;
  return nullptr;
}

static PyObject* run(PyObject*, PyObject*) {
  Job job{0, 100};
  Locked counted{PTHREAD_MUTEX_INITIALIZER, 0};
  Own own[4] = {};
  pthread_t threads[4];
  Py_BEGIN_ALLOW_THREADS for (int i = 0; i < 4; i++) pthread_create(&threads[i], nullptr, together, &job);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], nullptr);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], nullptr, locked, &counted);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], nullptr);
  for (int i = 0; i < 4; i++) {
    own[i].n = i;
    pthread_create(&threads[i], nullptr, apart, &own[i]);
  }
  for (int i = 0; i < 4; i++) pthread_join(threads[i], nullptr);
  Py_END_ALLOW_THREADS return PyLong_FromLong(job.total + counted.total + own[0].total);
}

static PyMethodDef methods[] = {{"run", run, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
