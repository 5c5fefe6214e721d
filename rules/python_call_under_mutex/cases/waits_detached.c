// The holder lets the thread state go. Who waits for the lock of a Port has let go of its own before; who waits for the
// lock of a Pipe has not, and keeps the holder from coming back.
#include <Python.h>
#include <unistd.h>

typedef struct { PyObject_HEAD PyThread_type_lock gate; } Port;
typedef struct { PyObject_HEAD PyThread_type_lock door; } Pipe;

static PyObject *Port_send(Port *self, PyObject *unused)
{
    if (PyThread_acquire_lock(self->gate, NOWAIT_LOCK) != PY_LOCK_ACQUIRED) Py_RETURN_FALSE;
    Py_BEGIN_ALLOW_THREADS
    usleep(1000);
    Py_END_ALLOW_THREADS
    PyThread_release_lock(self->gate);
    Py_RETURN_TRUE;
}

static PyObject *Port_drain(Port *self, PyObject *unused)
{
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(self->gate, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    PyThread_release_lock(self->gate);
    Py_RETURN_NONE;
}

static PyObject *Pipe_send(Pipe *self, PyObject *unused)
{
    if (PyThread_acquire_lock(self->door, NOWAIT_LOCK) != PY_LOCK_ACQUIRED) Py_RETURN_FALSE;
    Py_BEGIN_ALLOW_THREADS  // expect: FT405
    usleep(1000);
    Py_END_ALLOW_THREADS
    PyThread_release_lock(self->door);
    Py_RETURN_TRUE;
}

static PyObject *Pipe_drain(Pipe *self, PyObject *unused)
{
    PyThread_acquire_lock(self->door, WAIT_LOCK);
    PyThread_release_lock(self->door);
    Py_RETURN_NONE;
}

static PyMethodDef port_methods[] = {{"send", (PyCFunction)Port_send, METH_NOARGS, NULL},
                                     {"drain", (PyCFunction)Port_drain, METH_NOARGS, NULL},
                                     {NULL, NULL, 0, NULL}};
static PyMethodDef pipe_methods[] = {{"send", (PyCFunction)Pipe_send, METH_NOARGS, NULL},
                                     {"drain", (PyCFunction)Pipe_drain, METH_NOARGS, NULL},
                                     {NULL, NULL, 0, NULL}};
static PyTypeObject Port_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "ports.Port",
                                 .tp_basicsize = sizeof(Port),
                                 .tp_flags = Py_TPFLAGS_DEFAULT,
                                 .tp_methods = port_methods,
                                 .tp_new = PyType_GenericNew};
static PyTypeObject Pipe_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "ports.Pipe",
                                 .tp_basicsize = sizeof(Pipe),
                                 .tp_flags = Py_TPFLAGS_DEFAULT,
                                 .tp_methods = pipe_methods,
                                 .tp_new = PyType_GenericNew};
static int start(PyObject *module)
{
    if (PyModule_AddType(module, &Port_Type) < 0) return -1;
    return PyModule_AddType(module, &Pipe_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "ports", .m_slots = slots};
PyMODINIT_FUNC PyInit_ports(void) { return PyModuleDef_Init(&definition); }
