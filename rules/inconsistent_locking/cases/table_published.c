// A table is filled in a loop, by a helper too, before an atomic flag says that it is there; beside one that says so
// before.
#include <Python.h>
#include <stdatomic.h>

static PyMutex mutex;
static atomic_int sines_ready, roots_ready, cubes_ready;
static double sines[64], roots[64], cubes[64];

static void fill_roots(void)
{
    for (int i = 0; i < 64; i++) roots[i] = i * 0.25;
}

static PyObject *sine(PyObject *module, PyObject *which)
{
    const long at = PyLong_AsLong(which) & 63;
    if (!atomic_load_explicit(&sines_ready, memory_order_acquire)) {
        PyMutex_Lock(&mutex);
        if (!sines_ready) {
            for (int i = 0; i < 64; i++) sines[i] = i * 0.5;
            atomic_store_explicit(&sines_ready, 1, memory_order_release);
        }
        PyMutex_Unlock(&mutex);
    }
    return PyFloat_FromDouble(sines[at]);
}

static PyObject *root(PyObject *module, PyObject *which)
{
    const long at = PyLong_AsLong(which) & 63;
    if (!atomic_load(&roots_ready)) {
        PyMutex_Lock(&mutex);
        if (!atomic_load(&roots_ready)) {
            fill_roots();
            atomic_store(&roots_ready, 1);
        }
        PyMutex_Unlock(&mutex);
    }
    return PyFloat_FromDouble(roots[at]);
}

static PyObject *cube(PyObject *module, PyObject *which)
{
    const long at = PyLong_AsLong(which) & 63;
    if (!atomic_load(&cubes_ready)) {
        PyMutex_Lock(&mutex);
        if (!atomic_load(&cubes_ready)) {
            atomic_store(&cubes_ready, 1);
            for (int i = 0; i < 64; i++) cubes[i] = i * 0.125;
        }
        PyMutex_Unlock(&mutex);
    }
    return PyFloat_FromDouble(cubes[at]);  // expect: FT303
}

static PyMethodDef functions[] = {
    {"sine", sine, METH_O, NULL},
    {"root", root, METH_O, NULL},
    {"cube", cube, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef tables = {PyModuleDef_HEAD_INIT, .m_name = "tables", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_tables(void) { return PyModuleDef_Init(&tables); }
