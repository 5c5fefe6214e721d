// A guard that tries keeps in a field whether it got the mutex, and says so when it is asked.
#include <Python.h>
#include <mutex>

class Tried {
 public:
    explicit Tried(std::mutex &mutex) : mutex_(mutex), held_(mutex.try_lock()) {}
    ~Tried()
    {
        if (held_) mutex_.unlock();
    }
    explicit operator bool() const { return held_; }

 private:
    std::mutex &mutex_;
    bool held_;
};

static std::mutex gate;
static long seen, lost;

static PyObject *look(PyObject *, PyObject *)
{
    long n = -1;
    if (Tried tried(gate); tried) n = ++seen;
    return PyLong_FromLong(n);
}
static PyObject *lose(PyObject *, PyObject *)
{
    Tried tried(gate);
    ++lost;  // expect: FT201
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"look", look, METH_NOARGS, nullptr},
    {"lose", lose, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "looks", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_looks() { return PyModuleDef_Init(&definition); }
