// What the thread runs is known, and it never attaches: the join is as long as the work, and possible, no more.
#include <Python.h>
#include <thread>

static void work() {}

static PyObject *run(PyObject *, PyObject *)
{
    std::thread worker(work);
    worker.join();  // expect: FT506
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"run", run, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
