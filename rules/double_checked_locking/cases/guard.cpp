// A lock_guard in the block of the first test; a thread-local copy that saves the lock; an atomic pointer.
#include <Python.h>
#include <atomic>
#include <mutex>

static std::mutex mutex;
static double *table;
static std::atomic<double *> published;

static double *made() { return new double[8](); }

static double *get_table()
{
    if (!table) {  // expect: FT204
        std::lock_guard held(mutex);
        if (!table) table = made();
    }
    return table;
}

static double *get_published()
{
    double *out = published.load(std::memory_order_acquire);
    if (!out) {
        std::lock_guard held(mutex);
        out = published.load(std::memory_order_relaxed);
        if (!out) published.store(out = made(), std::memory_order_release);
    }
    return out;
}

static double *get_mine()
{
    thread_local double *mine = nullptr;
    if (!mine) {
        std::lock_guard held(mutex);
        mine = made();
    }
    return mine;
}

static PyObject *f(PyObject *, PyObject *)
{
    return PyFloat_FromDouble(get_table()[0] + get_published()[0] + get_mine()[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
