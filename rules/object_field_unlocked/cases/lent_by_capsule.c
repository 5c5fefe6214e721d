// Each thread has an inbox of its own. One kind is handed out in a capsule, so that other threads put things into it;
// the other kind never leaves its thread.
#include <Python.h>

typedef struct { long waiting; } Inbox;
static _Thread_local Inbox *inbox;

static Inbox *own_inbox(void)
{
    if (inbox == NULL) inbox = PyMem_RawCalloc(1, sizeof(Inbox));
    return inbox;
}

static PyObject *address(PyObject *module, PyObject *unused)
{
    Inbox *mine = own_inbox();
    return mine == NULL ? PyErr_NoMemory() : PyCapsule_New(mine, "m.Inbox", NULL);
}

static PyObject *send(PyObject *module, PyObject *capsule)
{
    Inbox *other = PyCapsule_GetPointer(capsule, "m.Inbox");
    if (other == NULL) return NULL;
    other->waiting++;  // expect: FT301
    Py_RETURN_NONE;
}

static PyObject *collect(PyObject *module, PyObject *unused)
{
    Inbox *mine = own_inbox();
    if (mine == NULL) return PyErr_NoMemory();
    long found = mine->waiting;
    mine->waiting = 0;
    return PyLong_FromLong(found);
}

typedef struct { long drawn; } Sketch;
static _Thread_local Sketch *sketch;

static PyObject *draw(PyObject *module, PyObject *unused)
{
    if (sketch == NULL && (sketch = PyMem_RawCalloc(1, sizeof(Sketch))) == NULL) return PyErr_NoMemory();
    sketch->drawn++;
    return PyLong_FromLong(sketch->drawn);
}

static PyMethodDef functions[] = {
    {"address", address, METH_NOARGS, NULL},
    {"send", send, METH_O, NULL},
    {"collect", collect, METH_NOARGS, NULL},
    {"draw", draw, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
