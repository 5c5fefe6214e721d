// Found set without an order, the flag says nothing about what was stored before it.
#include <Python.h>
#include <stdatomic.h>

static struct { atomic_int known; long width, height; } screen;
static PyMutex asking;

static void ask(void)
{
    PyMutex_Lock(&asking);
    if (!atomic_load_explicit(&screen.known, memory_order_relaxed)) {
        screen.width = 80;
        screen.height = 24;
        atomic_store_explicit(&screen.known, 1, memory_order_release);
    }
    PyMutex_Unlock(&asking);
}
static PyObject *t_area(PyObject *m, PyObject *unused)
{
    if (!atomic_load_explicit(&screen.known, memory_order_relaxed)) ask();
    return PyLong_FromLong(screen.width * screen.height);  // expect: FT303
}

static PyMethodDef functions[] = {{"area", t_area, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "t", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_t(void) { return PyModuleDef_Init(&definition); }
