// Who looks at one item of a list again and again waits for another thread.
#include <Python.h>

typedef struct Item {
    struct Item *next;
    long left;
} Item;

typedef struct {
    PyObject_HEAD
    Item *head;
} Queue;

static PyObject *wait(PyObject *op, PyObject *unused)
{
    Queue *self = (Queue *)op;
    Item *item = self->head;
    long rounds = 0;
    while (item->left) rounds++;
    return PyLong_FromLong(rounds);
}

static PyObject *step(PyObject *op, PyObject *n)
{
    ((Queue *)op)->head->left = PyLong_AsLong(n);  // expect: FT702
    Py_RETURN_NONE;
}

static PyMethodDef queue_methods[] = {
    {"wait", wait, METH_NOARGS, NULL},
    {"step", step, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot queue_slots[] = {{Py_tp_methods, queue_methods}, {0, NULL}};
static PyType_Spec queue_spec = {"m.Queue", sizeof(Queue), 0, Py_TPFLAGS_DEFAULT, queue_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Queue", PyType_FromSpec(&queue_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
