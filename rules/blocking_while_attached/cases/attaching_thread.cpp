// The thread attaches: with the world stopped it waits for the joiner, which waits for it.
#include <Python.h>
#include <thread>

static void work()
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyGILState_Release(state);
}

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
