// A list to whose end elements are hung: found empty by two threads, it loses one of their elements. Nothing is made
// on first use, and nothing can be made before.
#include <Python.h>

typedef struct Watch {
    long what;
    struct Watch *next;
} Watch;

static Watch *watches;

static PyObject *watch(PyObject *module, PyObject *arg)
{
    Watch *fresh = PyMem_Malloc(sizeof(Watch));
    if (fresh == NULL) return PyErr_NoMemory();
    fresh->what = PyLong_AsLong(arg);
    fresh->next = NULL;
    if (watches == NULL) {
        watches = fresh;  // expect: FT203
    } else {
        Watch *last = watches;
        while (last->next != NULL) last = last->next;
        last->next = fresh;  // expect: FT307
    }
    Py_RETURN_NONE;
}

static PyObject *total(PyObject *module, PyObject *unused)
{
    long sum = 0;
    for (Watch *at = watches; at != NULL; at = at->next) sum += at->what;
    return PyLong_FromLong(sum);
}

static PyMethodDef methods[] = {
    {"watch", watch, METH_O, NULL}, {"total", total, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
