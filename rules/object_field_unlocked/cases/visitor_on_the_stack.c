// One function calls the visitors of many, each with its own argument: a sum on its caller's stack is not the set that
// another caller counts up.
#include <Python.h>

typedef struct {
    Py_ssize_t sum;
} Sum;

typedef struct {
    PyObject_HEAD
    Py_ssize_t length;
} Set;

typedef int (*visitor)(PyObject *item, void *argument);

static int each(PyObject *iterable, visitor visit, void *argument)
{
    PyObject *iterator = PyObject_GetIter(iterable), *item;
    int result = 0;
    if (iterator == NULL) return -1;
    while (result == 0 && (item = PyIter_Next(iterator)) != NULL) {
        result = visit(item, argument);
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    return result;
}

// Another one on the way.
static int each_of(PyObject *iterable, visitor visit, void *argument) { return each(iterable, visit, argument); }

static int add(PyObject *item, Sum *sum)
{
    sum->sum += PyObject_Size(item);
    return 0;
}

static PyObject *total(PyObject *op, PyObject *iterable)
{
    Sum sum = {0};
    if (each_of(iterable, (visitor)add, &sum) < 0) return NULL;
    return PyLong_FromSsize_t(sum.sum);
}

static int count(PyObject *item, Set *set)
{
    set->length++;  // expect: FT301
    return 0;
}

static PyObject *grow(PyObject *op, PyObject *iterable)
{
    if (each_of(iterable, (visitor)count, op) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef set_methods[] = {
    {"total", total, METH_O, NULL},
    {"grow", grow, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot set_slots[] = {{Py_tp_methods, set_methods}, {0, NULL}};
static PyType_Spec set_spec = {"m.Set", sizeof(Set), 0, Py_TPFLAGS_DEFAULT, set_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Set", PyType_FromSpec(&set_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
