// What is let go under the lock is bytes that were made here, in a field that is given nothing else: no finalizer runs.
#include <Python.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    PyObject *tail, *seen, *name;
} Reader;

static int keep_rest(Reader *self, const char *from, Py_ssize_t size)
{
    PyObject *fresh = PyBytes_FromStringAndSize(from, size);
    if (fresh == NULL) return -1;
    Py_XSETREF(self->tail, fresh);
    return 0;
}

static PyObject *skip(PyObject *op, PyObject *unused)
{
    Reader *self = (Reader *)op;
    PyMutex_Lock(&self->mutex);
    int bad = keep_rest(self, "rest", 4);
    PyMutex_Unlock(&self->mutex);
    if (bad) return NULL;
    Py_RETURN_NONE;
}

static PyObject *rewind_to(PyObject *op, PyObject *unused)
{
    Reader *self = (Reader *)op;
    PyMutex_Lock(&self->mutex);
    Py_CLEAR(self->tail);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

// An object of anybody's.
static PyObject *see(PyObject *op, PyObject *what)
{
    Reader *self = (Reader *)op;
    PyMutex_Lock(&self->mutex);
    Py_XSETREF(self->seen, Py_NewRef(what));  // expect: FT405
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

// Python sets this one, too.
static PyObject *rename_it(PyObject *op, PyObject *unused)
{
    Reader *self = (Reader *)op;
    PyObject *fresh = PyUnicode_FromString("reader");
    PyMutex_Lock(&self->mutex);
    Py_XSETREF(self->name, fresh);  // expect: FT405
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyMethodDef reader_methods[] = {
    {"skip", skip, METH_NOARGS, NULL},
    {"rewind", rewind_to, METH_NOARGS, NULL},
    {"see", see, METH_O, NULL},
    {"rename", rename_it, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef reader_members[] = {
    {"tail", Py_T_OBJECT_EX, offsetof(Reader, tail), Py_READONLY, NULL},
    {"name", Py_T_OBJECT_EX, offsetof(Reader, name), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot reader_slots[] = {{Py_tp_methods, reader_methods}, {Py_tp_members, reader_members}, {0, NULL}};
static PyType_Spec reader_spec = {"m.Reader", sizeof(Reader), 0, Py_TPFLAGS_DEFAULT, reader_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Reader", PyType_FromSpec(&reader_spec)); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
