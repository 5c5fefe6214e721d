// A pointer to the caller's struct in a global; a lambda that captures needs none.
#include <Python.h>
#include <algorithm>
#include <vector>

extern "C" void each_line(const char *text, void (*visit)(const char *));

namespace {

struct Found {
    long lines = 0;
};

Found *found;

void count(const char *) { found->lines++; }

PyObject *f(PyObject *, PyObject *text)
{
    Found mine;
    found = &mine;  // expect: FT211
    each_line(PyUnicode_AsUTF8(text), count);
    return PyLong_FromLong(mine.lines);
}

PyObject *g(PyObject *, PyObject *arg)
{
    const long pivot = PyLong_AsLong(arg);
    std::vector<long> all{3, 1, 2};
    std::sort(all.begin(), all.end(), [pivot](long a, long b) { return a % pivot < b % pivot; });
    return PyLong_FromLong(all[0]);
}

PyMethodDef methods[] = {
    {"f", f, METH_O, nullptr},
    {"g", g, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
