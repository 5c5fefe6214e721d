// A try whose status is kept, changed when the lock is given back again, and handed to the caller: 0 is "held" on every
// way. The twin says 0 as well after it has given the lock back.
#include <Python.h>
#include <pthread.h>

typedef struct { PyObject_HEAD pthread_mutex_t gate; int open; long sent, lost; } Link;

static int take(Link *self)
{
    int status = pthread_mutex_trylock(&self->gate);
    if (!self->open) PyErr_SetString(PyExc_ValueError, "closed");
    if (status == 0 && PyErr_Occurred()) {
        pthread_mutex_unlock(&self->gate);
        status = 2;
    }
    return status == 0 ? 0 : -1;
}

static int take_badly(Link *self)
{
    int status = pthread_mutex_trylock(&self->gate);
    if (status == 0 && PyErr_Occurred()) pthread_mutex_unlock(&self->gate);
    if (status == 0) return 0;
    return -1;
}

static PyObject *Link_send(Link *self, PyObject *unused)
{
    if (take(self) != 0) return NULL;
    self->sent++;
    pthread_mutex_unlock(&self->gate);
    Py_RETURN_NONE;
}

static PyObject *Link_sent(Link *self, PyObject *unused)
{
    if (take(self) != 0) return NULL;
    long sent = self->sent;
    pthread_mutex_unlock(&self->gate);
    return PyLong_FromLong(sent);
}

static PyObject *Link_lose(Link *self, PyObject *unused)
{
    if (take_badly(self) != 0) return NULL;
    self->lost++;  // expect: FT303
    pthread_mutex_unlock(&self->gate);
    Py_RETURN_NONE;
}

static PyObject *Link_lost(Link *self, PyObject *unused)
{
    if (take(self) != 0) return NULL;
    long lost = self->lost;
    pthread_mutex_unlock(&self->gate);
    return PyLong_FromLong(lost);
}

static PyMethodDef methods[] = {{"send", (PyCFunction)Link_send, METH_NOARGS, NULL},
                                {"sent", (PyCFunction)Link_sent, METH_NOARGS, NULL},
                                {"lose", (PyCFunction)Link_lose, METH_NOARGS, NULL},
                                {"lost", (PyCFunction)Link_lost, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyTypeObject Link_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "links.Link",
                                 .tp_basicsize = sizeof(Link),
                                 .tp_flags = Py_TPFLAGS_DEFAULT,
                                 .tp_methods = methods,
                                 .tp_new = PyType_GenericNew};
static int start(PyObject *module) { return PyModule_AddType(module, &Link_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "links", .m_slots = slots};
PyMODINIT_FUNC PyInit_links(void) { return PyModuleDef_Init(&definition); }
