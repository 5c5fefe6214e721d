// A field of a worker object; the thread that Python starts polls it through `this`.
#include <Python.h>
#include <thread>

namespace {

struct Worker {
    bool stop = false;
    long rounds = 0;
    void run()
    {
        while (!stop) std::this_thread::yield();
    }
};

Worker worker;

PyObject *start(PyObject *, PyObject *)
{
    std::thread([] { worker.run(); }).detach();
    Py_RETURN_NONE;
}

PyObject *halt(PyObject *, PyObject *)
{
    worker.stop = true;  // expect: FT702
    Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"start", start, METH_NOARGS, nullptr},
    {"halt", halt, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
