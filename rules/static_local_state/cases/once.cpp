// Made by its initialiser and only read; a counter in a lambda; one that a once flag keeps.
#include <Python.h>
#include <mutex>
#include <vector>

static std::vector<long> squares_up_to(long n)
{
    std::vector<long> out;
    for (long i = 0; i < n; ++i) out.push_back(i * i);
    return out;
}

static PyObject *f(PyObject *, PyObject *arg)
{
    static const std::vector<long> squares = squares_up_to(100);
    static long first = PyLong_AsLong(arg);
    static std::once_flag once;
    static long seen;
    std::call_once(once, [] { seen = 1; });
    const auto bump = [] {
        static long calls;
        return ++calls;  // expect: FT202
    };
    return PyLong_FromLong(squares[3] + first + seen + bump());
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
