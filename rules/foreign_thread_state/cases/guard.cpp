// A guard that attaches keeps its own thread's state, wherever it had it from; a watcher keeps another thread's.
#include <Python.h>
#include <pythread.h>

static Py_tss_t key = Py_tss_NEEDS_INIT;

struct Store {
    PyThreadState *get() const { return static_cast<PyThreadState *>(PyThread_tss_get(&key)); }
};

class Attach {
  public:
    explicit Attach(PyInterpreterState *interpreter)
    {
        state_ = store_.get();
        if (state_ == nullptr) state_ = PyGILState_GetThisThreadState();
        if (state_ == nullptr) {
            state_ = PyThreadState_New(interpreter);
            state_->gilstate_counter = 0;
        }
        ++state_->gilstate_counter;
    }
    ~Attach() { --state_->gilstate_counter; }

  private:
    Store store_;
    PyThreadState *state_ = nullptr;
};

class Watch {
  public:
    explicit Watch(PyThreadState *watched) : watched_(watched) {}
    unsigned long id() const { return watched_->thread_id; }  // expect: FT504

  private:
    PyThreadState *watched_;
};

static PyThreadState *chosen;

static PyObject *f(PyObject *, PyObject *)
{
    Attach attach(PyInterpreterState_Get());
    Watch watch(chosen);
    return PyLong_FromUnsignedLong(watch.id());
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
