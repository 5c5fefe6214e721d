// What keeps a table of objects that does not own them counts one up only while it is alive: with the atomics of the
// header that free-threaded builds have. The same field read plainly is a guess about what others are changing.
#include <Python.h>

static int take(PyObject *object)
{
    Py_ssize_t shared = _Py_atomic_load_ssize_relaxed(&object->ob_ref_shared);
    while (shared != 0)
        if (_Py_atomic_compare_exchange_ssize(&object->ob_ref_shared, &shared, shared + (1 << 2))) return 1;
    return 0;
}

static PyObject *hold(PyObject *module, PyObject *object) { return PyBool_FromLong(take(object)); }

static PyObject *shared(PyObject *module, PyObject *object)
{
    return PyLong_FromSsize_t(object->ob_ref_shared >> 2);  // expect: FT008
}

static PyMethodDef methods[] = {
    {"hold", hold, METH_O, NULL},
    {"shared", shared, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "held", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_held(void) { return PyModuleDef_Init(&definition); }
