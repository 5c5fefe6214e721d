// _Py_NewReference makes an object of what came out of a list of spare ones: nobody else has it yet.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *owner;
} Ticket;

static PyTypeObject Ticket_type;
static Ticket *spare[8];
static int spares;
static PyMutex mutex;

static void Ticket_dealloc(PyObject *self)
{
    Py_CLEAR(((Ticket *)self)->owner);
    PyMutex_Lock(&mutex);
    int kept = spares < 8;
    if (kept) spare[spares++] = (Ticket *)self;
    PyMutex_Unlock(&mutex);
    if (!kept) PyObject_Free(self);
}

static PyObject *issue(PyObject *module, PyObject *owner)
{
    Ticket *ticket = NULL;
    PyMutex_Lock(&mutex);
    if (spares > 0) ticket = spare[--spares];
    PyMutex_Unlock(&mutex);
    if (ticket != NULL) _Py_NewReference((PyObject *)ticket);
    else ticket = PyObject_New(Ticket, &Ticket_type);
    if (ticket == NULL) return NULL;
    ticket->owner = Py_NewRef(owner);
    return (PyObject *)ticket;
}

static PyObject *Ticket_owner(PyObject *self, void *closure) { return Py_XNewRef(((Ticket *)self)->owner); }

static PyObject *Ticket_pass(PyObject *self, PyObject *owner)
{
    Py_XSETREF(((Ticket *)self)->owner, Py_NewRef(owner));  // expect: FT302
    Py_RETURN_NONE;
}

static PyGetSetDef getters[] = {{"owner", Ticket_owner, NULL, NULL, NULL}, {NULL}};
static PyMethodDef ticket_methods[] = {{"pass_on", Ticket_pass, METH_O, NULL}, {NULL}};
static PyTypeObject Ticket_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "tickets.Ticket", .tp_basicsize = sizeof(Ticket),
    .tp_dealloc = Ticket_dealloc, .tp_methods = ticket_methods, .tp_getset = getters,
};
static PyMethodDef methods[] = {{"issue", issue, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "tickets", NULL, 0, methods};
PyMODINIT_FUNC PyInit_tickets(void) { return PyModuleDef_Init(&definition); }
