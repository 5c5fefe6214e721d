// A guard that can be unlocked and locked again keeps in a field whether it holds the mutex, and asks it when it goes.
// What is done between is as bare as without it.
#include <Python.h>
#include <mutex>

class Locker {
 public:
    explicit Locker(std::mutex *mutex) : mutex_(mutex) { relock(); }
    ~Locker() { unlock(); }
    void unlock()
    {
        if (!held_) return;
        mutex_->unlock();
        held_ = false;
    }
    void relock()
    {
        if (held_) return;
        mutex_->lock();
        held_ = true;
    }

 private:
    std::mutex *mutex_;
    bool held_ = false;
};

class Early {
 public:
    explicit Early(std::mutex &mutex) : mutex_(mutex), held_(true) { mutex_.lock(); }
    ~Early()
    {
        if (held_) mutex_.unlock();
    }
    void give_back()
    {
        held_ = false;
        mutex_.unlock();
    }

 private:
    std::mutex &mutex_;
    bool held_;
};

static std::mutex gate;
static long drained, written, left, lost;

static PyObject *drain(PyObject *, PyObject *f)
{
    Locker locker(&gate);
    ++drained;
    ++left;
    locker.unlock();
    PyObject *result = PyObject_CallNoArgs(f);
    left = 0;  // expect: FT303
    locker.relock();
    ++drained;
    return result;
}
static PyObject *write(PyObject *, PyObject *f)
{
    {
        Early early(gate);
        ++written;
        if (written > 9) {
            early.give_back();
            lost = 0;  // expect: FT303
            return PyObject_CallNoArgs(f);
        }
        ++lost;
    }
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"drain", drain, METH_O, nullptr},
    {"write", write, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "drains", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_drains() { return PyModuleDef_Init(&definition); }
