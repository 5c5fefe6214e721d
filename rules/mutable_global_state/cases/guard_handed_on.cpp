// A guard that a function hands back holds until its receiver goes, also after a move; one that nobody keeps, and one
// that was moved away from, hold nothing.
#include <Python.h>
#include <mutex>
#include <utility>

static std::mutex door;
static long visits, misses, late;

static std::unique_lock<std::mutex> enter() { return std::unique_lock<std::mutex>(door); }

static PyObject *desk_visit(PyObject *, PyObject *)
{
    auto first = enter();
    std::unique_lock<std::mutex> guard;
    guard = std::move(first);
    return PyLong_FromLong(++visits);
}
static PyObject *desk_visits(PyObject *, PyObject *)
{
    const auto guard = enter();
    return PyLong_FromLong(visits);
}
static PyObject *desk_miss(PyObject *, PyObject *)
{
    enter();
    return PyLong_FromLong(++misses);  // expect: FT201
}
static PyObject *desk_late(PyObject *, PyObject *)
{
    auto outer = enter();
    {
        auto inner = std::move(outer);
    }
    return PyLong_FromLong(++late);  // expect: FT201
}

static PyMethodDef methods[] = {
    {"visit", desk_visit, METH_NOARGS, nullptr}, {"visits", desk_visits, METH_NOARGS, nullptr},
    {"miss", desk_miss, METH_NOARGS, nullptr},   {"late", desk_late, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "desk", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_desk() { return PyModuleDef_Init(&module); }
