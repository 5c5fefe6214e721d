// Functions of the project that wait at a semaphore and post one: who waits twice waits for two posts. Those of a mutex
// take it twice.
#include <Python.h>
#include <pthread.h>
#include <semaphore.h>

struct Part {
  sem_t *mine, *theirs;
};

static void wait(sem_t *semaphore) { sem_wait(semaphore); }
static void post(sem_t *semaphore) { sem_post(semaphore); }

static void work(Part *part, bool twice) {
  wait(part->theirs);
  if (twice) wait(part->theirs);
  post(part->mine);
  wait(part->theirs);
  post(part->mine);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long size;

static void lock(pthread_mutex_t *which) { pthread_mutex_lock(which); }
static void unlock(pthread_mutex_t *which) { pthread_mutex_unlock(which); }

static PyObject *run(PyObject *, PyObject *) {
  static sem_t a, b;
  Part part{&a, &b};
  Py_BEGIN_ALLOW_THREADS
  work(&part, true);
  Py_END_ALLOW_THREADS
  lock(&mutex);
  size++;
  lock(&mutex);  // expect: FT407
  long now = size;
  unlock(&mutex);
  return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {{"run", run, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "m", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_m() { return PyModule_Create(&module_def); }
