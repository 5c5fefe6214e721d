// The helper waits; its caller is attached.
#include <Python.h>
#include <unistd.h>

static void pause_for(unsigned seconds) { sleep(seconds); }  // expect: FT506
static void pause_detached(unsigned seconds) { sleep(seconds); }

static PyObject *f(PyObject *module, PyObject *arg)
{
    pause_for((unsigned)PyLong_AsUnsignedLongMask(arg));
    Py_BEGIN_ALLOW_THREADS
    pause_detached(1);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
