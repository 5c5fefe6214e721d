// The flag is taken back under its mutex: what it stood for is filled anew beside those who read.
#include <Python.h>
static PyMutex mutex;
static int ready;
static int table[256];

static void fill(int by)
{
    PyMutex_Lock(&mutex);
    if (!ready) {
        for (int i = 0; i < 256; ++i) table[i] = i * by;
        ready = 1;
    }
    PyMutex_Unlock(&mutex);
}
static PyObject *f(PyObject *module, PyObject *arg)
{
    fill(7);
    return PyLong_FromLong(table[PyLong_AsLong(arg) & 255]);  // expect: FT303
}
static PyObject *g(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    ready = 0;
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
