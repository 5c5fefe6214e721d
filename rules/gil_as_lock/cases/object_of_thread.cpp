// A worker object with its own lock, and a thread-local buffer; one field is left out.
#include <Python.h>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

struct Worker {
    std::mutex mutex;
    std::condition_variable woken;
    long jobs = 0;
    long done = 0;
};

Worker worker;
thread_local char scratch[16];

void work()
{
    std::unique_lock held(worker.mutex);
    worker.woken.wait(held, [] { return worker.jobs > 0; });
    worker.jobs--;
    scratch[0] = 1;
    held.unlock();
    worker.done++;  // expect: FT502
}

PyObject *f(PyObject *, PyObject *)
{
    {
        const std::lock_guard held(worker.mutex);
        worker.jobs++;
    }
    worker.woken.notify_one();
    std::thread(work).detach();
    return PyLong_FromLong(worker.done);
}

PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
