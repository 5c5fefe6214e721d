// A set in the object remembers the nodes that a call is inside of. Two calls on one object take each other's marks for
// a loop; one that locks the object from its first mark to its last, or marks by thread, does not.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *inside; } Printer;

static int print_node(Printer *self, PyObject *node);

static int print_children(Printer *self, PyObject *node)
{
    PyObject *mark = PyLong_FromVoidPtr(node);
    if (mark == NULL) return -1;
    int known = PyDict_Contains(self->inside, mark);
    if (known != 0 || PyDict_SetItem(self->inside, mark, node) < 0) {
        Py_DECREF(mark);
        return -1;
    }
    int bad = 0;
    for (Py_ssize_t i = 0; !bad && i < PyTuple_GET_SIZE(node); i++) bad = print_node(self, PyTuple_GET_ITEM(node, i));
    if (PyDict_DelItem(self->inside, mark) < 0) bad = -1;
    Py_DECREF(mark);
    return bad;
}

static int print_node(Printer *self, PyObject *node) { return PyTuple_Check(node) ? print_children(self, node) : 0; }

static PyObject *printer_print(PyObject *op, PyObject *node)
{
    Printer *self = (Printer *)op;
    if (print_node(self, node) < 0) return NULL;  // expect: FT301
    Py_RETURN_NONE;
}

typedef struct { PyObject_HEAD PyObject *inside; } Quiet;

static int quiet_node(Quiet *self, PyObject *node)
{
    if (!PyTuple_Check(node)) return 0;
    PyObject *mark = PyLong_FromVoidPtr(node);
    if (mark == NULL) return -1;
    int known = PyDict_Contains(self->inside, mark);
    if (known != 0 || PyDict_SetItem(self->inside, mark, node) < 0) {
        Py_DECREF(mark);
        return -1;
    }
    int bad = 0;
    for (Py_ssize_t i = 0; !bad && i < PyTuple_GET_SIZE(node); i++) bad = quiet_node(self, PyTuple_GET_ITEM(node, i));
    if (PyDict_DelItem(self->inside, mark) < 0) bad = -1;
    Py_DECREF(mark);
    return bad;
}

static PyObject *quiet_print(PyObject *op, PyObject *node)
{
    int bad;
    Py_BEGIN_CRITICAL_SECTION(op);
    bad = quiet_node((Quiet *)op, node);
    Py_END_CRITICAL_SECTION();
    return bad < 0 ? NULL : Py_NewRef(Py_None);
}

// By thread: nobody else has this key.
static PyObject *quiet_enter(PyObject *op, PyObject *node)
{
    Quiet *self = (Quiet *)op;
    PyObject *thread = PyLong_FromUnsignedLong(PyThread_get_thread_ident());
    if (thread == NULL) return NULL;
    int known = PyDict_Contains(self->inside, thread);
    if (known != 0 || PyDict_SetItem(self->inside, thread, node) < 0) {
        Py_DECREF(thread);
        return NULL;
    }
    PyObject *text = PyObject_Str(node);
    if (PyDict_DelItem(self->inside, thread) < 0) Py_CLEAR(text);
    Py_DECREF(thread);
    return text;
}

static PyMethodDef printer_methods[] = {{"print", printer_print, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef quiet_methods[] = {
    {"print", quiet_print, METH_O, NULL}, {"enter", quiet_enter, METH_O, NULL}, {NULL, NULL, 0, NULL}};

static PyObject *printer_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Printer *self = (Printer *)type->tp_alloc(type, 0);
    if (self != NULL && (self->inside = PyDict_New()) == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}
static PyObject *quiet_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Quiet *self = (Quiet *)type->tp_alloc(type, 0);
    if (self != NULL && (self->inside = PyDict_New()) == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}

static PyTypeObject Printer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Printer", .tp_basicsize = sizeof(Printer),
    .tp_methods = printer_methods, .tp_new = printer_new,
};
static PyTypeObject Quiet_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Quiet", .tp_basicsize = sizeof(Quiet),
    .tp_methods = quiet_methods, .tp_new = quiet_new,
};

static int m_exec(PyObject *module)
{
    return PyModule_AddType(module, &Printer_Type) < 0 ? -1 : PyModule_AddType(module, &Quiet_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
