// Whoever has just made an object may set the fields of its header; other threads count references of one that came in.
#include <Python.h>

static void make_immortal(PyObject *op)
{
    op->ob_tid = _Py_UNOWNED_TID;  // expect: FT008 (low)
    op->ob_ref_local = _Py_IMMORTAL_REFCNT_LOCAL;  // expect: FT008 (low)
    op->ob_ref_shared = 0;  // expect: FT008 (low)
}

static void make_theirs_immortal(PyObject *op)
{
    op->ob_ref_local = _Py_IMMORTAL_REFCNT_LOCAL;  // expect: FT008 (high)
}

static PyObject *make(PyObject *module, PyObject *arg)
{
    PyObject *made = PyList_New(0);
    if (made) make_immortal(made);
    return made;
}

static PyObject *keep(PyObject *module, PyObject *arg)
{
    make_theirs_immortal(arg);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"make", make, METH_O, NULL}, {"keep", keep, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
