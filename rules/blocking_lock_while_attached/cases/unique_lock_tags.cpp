// Guards that only try, or lock later.
#include <Python.h>
#include <mutex>

static std::mutex mutex;
static PyObject *last;

static PyObject *tries(PyObject *, PyObject *arg)
{
    std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
    if (lock.owns_lock()) Py_XSETREF(last, Py_NewRef(arg));
    Py_RETURN_NONE;
}

static PyObject *waits(PyObject *, PyObject *arg)
{
    std::unique_lock<std::mutex> lock(mutex);  // expect: FT406
    Py_XSETREF(last, Py_NewRef(arg));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"tries", tries, METH_O, NULL},
    {"waits", waits, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
