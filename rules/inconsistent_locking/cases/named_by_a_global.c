// An object that the import put into a global is no more the module's than any other: its own methods run beside the
// functions that go by the global. Its lock is the same by either way.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex lock; long sent, kept; } Counts;
static Counts *counts;

static PyObject *send(PyObject *module, PyObject *unused)
{
    counts->sent++;  // expect: FT303
    PyMutex_Lock(&counts->lock);
    counts->kept++;
    PyMutex_Unlock(&counts->lock);
    Py_RETURN_NONE;
}
static PyObject *counts_read(Counts *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    long sent = self->sent, kept = self->kept;
    PyMutex_Unlock(&self->lock);
    return Py_BuildValue("ll", sent, kept);
}
static PyMethodDef counts_methods[] = {{"read", (PyCFunction)counts_read, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef functions[] = {{"send", send, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Counts_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "post.Counts",
    .tp_basicsize = sizeof(Counts),
    .tp_methods = counts_methods,
    .tp_new = PyType_GenericNew,
};
static int post_exec(PyObject *module)
{
    if (PyModule_AddType(module, &Counts_Type) < 0) return -1;
    counts = (Counts *)PyObject_CallNoArgs((PyObject *)&Counts_Type);
    return counts == NULL ? -1 : 0;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)post_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "post", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_post(void) { return PyModuleDef_Init(&definition); }
