// Guards that take their lock in a base class, through `using` and through a constructor that hands on; the one whose
// base takes nothing is none.
#include <Python.h>
#include <mutex>

static std::mutex scale;
static long weight, height;

template <class Mutex> class Basic {
    Mutex &mutex_;
public:
    explicit Basic(Mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
    Basic(const Basic &) = delete;
    ~Basic() { mutex_.unlock(); }
};
struct Scaled : Basic<std::mutex> {
    using Basic<std::mutex>::Basic;
};
struct Named : Scaled {
    Named(std::mutex &mutex, const char *) : Scaled(mutex) {}
    explicit Named(std::mutex &mutex) : Named(mutex, "scale") {}
};
struct Counted {
    long &times_;
    explicit Counted(long &times) : times_(times) {}
};
struct Pretender : Counted {
    using Counted::Counted;
};

static PyObject *scale_add(PyObject *, PyObject *)
{
    Named guard(scale);
    return PyLong_FromLong(++weight);
}
static PyObject *scale_read(PyObject *, PyObject *)
{
    Scaled guard(scale);
    return PyLong_FromLong(weight);
}
static PyObject *scale_grow(PyObject *, PyObject *)
{
    long times = 0;
    Pretender guard(times);
    return PyLong_FromLong(++height);  // expect: FT201
}

static PyMethodDef methods[] = {{"add", scale_add, METH_NOARGS, nullptr},
                                {"read", scale_read, METH_NOARGS, nullptr},
                                {"grow", scale_grow, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "scale", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_scale() { return PyModuleDef_Init(&module); }
