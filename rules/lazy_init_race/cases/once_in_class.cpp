// A value that is made once: the flag that is looked at before the once flag must be atomic. Its constructor is done by
// the compiler, before any thread.
#include <Python.h>

#include <atomic>
#include <mutex>
#include <new>

template <class T, class Flag> class Once {
  public:
    constexpr Once() = default;
    template <class Make> T &get(Make &&make)
    {
        if (!made_) {
            std::call_once(once_, [&] {
                ::new (kept_) T(make());
                made_ = true;  // expect: FT203
            });
        }
        return *reinterpret_cast<T *>(kept_);
    }

  private:
    alignas(T) char kept_[sizeof(T)] = {};
    std::once_flag once_ = {};
    Flag made_{false};
};

static PyObject *plain(PyObject *, PyObject *)
{
    static Once<long, bool> rate;
    return PyLong_FromLong(rate.get([] { return 7L; }));
}

static PyObject *atomic(PyObject *, PyObject *)
{
    static Once<double, std::atomic_bool> rate;
    return PyFloat_FromDouble(rate.get([] { return 0.5; }));
}

static PyMethodDef methods[] = {
    {"plain", plain, METH_NOARGS, nullptr},
    {"atomic", atomic, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
