// A function answers with the address of the global.
#include <Python.h>

static struct { long asked, answered; } numbers;
static PyMutex guard;

static long *answered(void) { return &numbers.answered; }
static PyObject *t_answer(PyObject *m, PyObject *unused)
{
    *answered() += 1;  // expect: FT201
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {{"answer", t_answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "t", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_t(void) { return PyModuleDef_Init(&definition); }
