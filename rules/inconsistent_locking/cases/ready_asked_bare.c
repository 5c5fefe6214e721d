// The flag is asked without the mutex first: what it stands for may not be there yet.
#include <Python.h>
static PyMutex mutex;
static int ready;
static int table[256];

static void fill(void)
{
    if (ready) return;
    PyMutex_Lock(&mutex);
    if (!ready) {
        for (int i = 0; i < 256; ++i) table[i] = i * 7;
        ready = 1;
    }
    PyMutex_Unlock(&mutex);
}
static PyObject *f(PyObject *module, PyObject *arg)
{
    fill();
    return PyLong_FromLong(table[PyLong_AsLong(arg) & 255]);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
