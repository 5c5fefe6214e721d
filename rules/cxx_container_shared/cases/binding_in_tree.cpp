// A binding library whose headers lie in the project: what it is given is called by Python, as if they lay elsewhere.
#include <Python.h>

#include <map>
#include <mutex>
#include <string>

namespace pybind11 {

void keep(const char *name, const void *function);

struct module_ {
    PyObject *ptr;
};

template <class T> class class_ {
  public:
    class_(module_ &, const char *) {}
    template <class F> class_ &def(const char *name, F function)
    {
        keep(name, &function);
        return *this;
    }
};

}  // namespace pybind11

class Orders {
  public:
    void add(const std::string &name, int count) { open_[name] += count; }  // expect: FT805
    int count(const std::string &name) { return open_[name]; }
    void add_guarded(const std::string &name, int count)
    {
        std::scoped_lock lock(mutex_);
        done_[name] += count;
    }
    int count_guarded(const std::string &name)
    {
        std::scoped_lock lock(mutex_);
        return done_[name];
    }

  private:
    std::map<std::string, int> open_, done_;
    std::mutex mutex_;
};

static int fill(PyObject *object)
{
    pybind11::module_ module{object};
    pybind11::class_<Orders>(module, "Orders")
        .def("add", &Orders::add)
        .def("count", &Orders::count)
        .def("add_guarded", &Orders::add_guarded)
        .def("count_guarded", &Orders::count_guarded);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void *>(fill)},
                                   {Py_mod_gil, Py_MOD_GIL_NOT_USED},
                                   {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
