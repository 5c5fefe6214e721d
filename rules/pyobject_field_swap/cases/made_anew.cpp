// Objects from a list of spare ones are new once PyObject_Init had them; what a method replaces later is not.
#include <Python.h>

#include <mutex>

struct Ticket {
    PyObject_HEAD
    PyObject *holder;
    Ticket *next;
};

static std::mutex spare_lock;
static Ticket *spare;
static PyTypeObject *ticket_type;

static Ticket *take_spare()
{
    std::lock_guard<std::mutex> lock(spare_lock);
    Ticket *ticket = spare;
    if (ticket != nullptr) spare = ticket->next;
    return ticket;
}

static PyObject *issue(PyObject *, PyObject *holder)
{
    Ticket *ticket = take_spare();
    if (ticket != nullptr) {
        PyObject_Init((PyObject *)ticket, ticket_type);
    } else {
        ticket = PyObject_New(Ticket, ticket_type);
        if (ticket == nullptr) return nullptr;
    }
    ticket->holder = Py_NewRef(holder);
    ticket->next = nullptr;
    return (PyObject *)ticket;
}

static PyObject *ticket_holder(PyObject *self, PyObject *)
{
    return Py_NewRef(((Ticket *)self)->holder);
}

static PyObject *ticket_pass_on(PyObject *self, PyObject *holder)
{
    Ticket *ticket = (Ticket *)self;
    Py_SETREF(ticket->holder, Py_NewRef(holder));  // expect: FT302
    Py_RETURN_NONE;
}

static void ticket_dealloc(PyObject *self)
{
    Ticket *ticket = (Ticket *)self;
    Py_CLEAR(ticket->holder);
    std::lock_guard<std::mutex> lock(spare_lock);
    ticket->next = spare;
    spare = ticket;
}

static PyMethodDef ticket_methods[] = {
    {"holder", ticket_holder, METH_NOARGS, nullptr},
    {"pass_on", ticket_pass_on, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot ticket_slots[] = {
    {Py_tp_dealloc, (void *)ticket_dealloc}, {Py_tp_methods, ticket_methods}, {0, nullptr}};
static PyType_Spec ticket_spec = {"m.Ticket", sizeof(Ticket), 0, Py_TPFLAGS_DEFAULT, ticket_slots};

static int fill(PyObject *module)
{
    ticket_type = (PyTypeObject *)PyType_FromSpec(&ticket_spec);
    return ticket_type == nullptr ? -1 : PyModule_AddType(module, ticket_type);
}

static PyMethodDef methods[] = {{"issue", issue, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
