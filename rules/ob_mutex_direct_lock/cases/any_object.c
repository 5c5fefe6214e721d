// Through PyObject *, in a helper of the project; as the mutex of a section as well.
#include <Python.h>

static void lock_object(PyObject *object)
{
    PyMutex_Lock(&object->ob_mutex);  // expect: FT409
}

static PyObject *objects_lock(PyObject *module, PyObject *object)
{
    lock_object(object);
    PyMutex_Unlock(&object->ob_mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"lock", objects_lock, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "objects", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_objects(void) { return PyModuleDef_Init(&definition); }
