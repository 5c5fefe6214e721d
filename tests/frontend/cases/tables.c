// Tables with functions and names in them; static locals; what is const, thread-local, defined elsewhere.
#include <Python.h>

static PyObject *get(PyObject *self, PyObject *arg) { static int calls; calls++; Py_RETURN_NONE; }
static PyObject *set(PyObject *self, PyObject *arg) { static const int limit = 3; static _Thread_local int mine; mine = limit; return PyLong_FromLong(mine); }
static int exec_module(PyObject *module) { return 0; }
static void box_dealloc(PyObject *self) {}

static PyMethodDef methods[] = {
    {"get", get, METH_NOARGS, "doc"},
    {.ml_name = "set", .ml_flags = METH_O | METH_VARARGS, .ml_meth = (PyCFunction)(void (*)(void))set},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_module}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "spam." "eggs", .m_methods = methods, .m_slots = slots};
static PyTypeObject box_type = {.tp_name = "spam.Box", .tp_dealloc = box_dealloc};
PyTypeObject *const types[] = {&box_type, [3] = 0};
static struct { const char *name; int (*run)(PyObject *); } own[] = {{"exec", &exec_module}};
extern int elsewhere;
const char *const names[] = {"a", "b"};
_Thread_local PyObject *current;
static PyObject *tentative;

PyMODINIT_FUNC PyInit_eggs(void) { tentative = current; return PyModuleDef_Init(elsewhere ? &definition : NULL); }
