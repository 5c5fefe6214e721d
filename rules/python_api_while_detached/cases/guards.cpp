// Guards of a binding and of the project's own.
#include <pybind11/pybind11.h>

namespace py = pybind11;

struct Unlocked {
    PyThreadState *save;
    Unlocked() { save = PyEval_SaveThread(); }
    ~Unlocked() { PyEval_RestoreThread(save); }
};

static int with_own(py::object callback)
{
    Unlocked unlocked;
    callback();  // expect: FT501
    return 0;
}

static int with_theirs(py::object callback)
{
    {
        py::gil_scoped_release release;
        PyErr_Clear();  // expect: FT501
        py::gil_scoped_acquire acquire;
        callback();
    }
    callback();
    return 0;
}

static int guarded(int n)
{
    PyErr_SetNone(PyExc_ValueError);  // expect: FT501
    return n;
}

PYBIND11_MODULE(m, m, py::mod_gil_not_used())
{
    m.def("with_own", &with_own);
    m.def("with_theirs", &with_theirs);
    m.def("guarded", &guarded, py::call_guard<py::gil_scoped_release>());
}
