// Guards of the project's own reader-writer lock keep a reference to it: the lock that they take is the one that they
// were made with, and a reader's guard lets others read beside it.
#include <Python.h>
#include <pthread.h>
#include <map>

class RwLock {
 public:
    void read() { pthread_rwlock_rdlock(&lock_); }
    void write() { pthread_rwlock_wrlock(&lock_); }
    void done() { pthread_rwlock_unlock(&lock_); }

 private:
    pthread_rwlock_t lock_ = PTHREAD_RWLOCK_INITIALIZER;
};
struct Reading {
    explicit Reading(RwLock &l) : lock(l) { lock.read(); }
    ~Reading() { lock.done(); }
    RwLock &lock;
};
struct Writing {
    explicit Writing(RwLock *l) : lock(l) { lock->write(); }
    ~Writing() { lock->done(); }
    RwLock *lock;
};

static RwLock prices_lock, names_lock, sizes_lock;
static std::map<long, long> prices, names, sizes;

static PyObject *get(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    Reading reading(prices_lock);
    const auto at = prices.find(key);
    return PyLong_FromLong(at == prices.end() ? -1 : at->second);
}
static PyObject *put(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    Writing writing(&prices_lock);
    prices[key] = key;
    Py_RETURN_NONE;
}
static PyObject *name(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    Reading reading(names_lock);
    return PyLong_FromLong(names[key]);  // expect: FT805
}
static PyObject *size(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    Writing writing(&sizes_lock);
    return PyLong_FromLong(sizes[key]);  // expect: FT805
}
static PyObject *forget(PyObject *, PyObject *)
{
    Writing writing(&names_lock);
    sizes.clear();
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"get", get, METH_O, nullptr},
    {"put", put, METH_O, nullptr},
    {"name", name, METH_O, nullptr},
    {"size", size, METH_O, nullptr},
    {"forget", forget, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "prices", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_prices() { return PyModuleDef_Init(&definition); }
