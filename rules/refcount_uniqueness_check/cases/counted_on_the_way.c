// What convert() gives is new, or has one reference more than its caller's: 1 says that it is new. Told as possible;
// with borrow(), which hands its argument back as it is, 1 is whoever called's.
#include <Python.h>

typedef struct { PyObject_HEAD long value; } Number;

static PyTypeObject Number_Type;
static Number *spare[8];
static int spares;

static Number *make(long value)
{
    Number *made;
    if (spares > 0) {
        made = spare[--spares];
        Py_INCREF(made);
    } else {
        made = PyObject_New(Number, &Number_Type);
        if (made == NULL) return NULL;
    }
    made->value = value;  // false-alarm: FT301
    return made;
}

static Number *convert(PyObject *any)
{
    if (Py_IS_TYPE(any, &Number_Type)) {
        Py_INCREF(any);
        return (Number *)any;
    }
    long value = PyLong_AsLong(any);
    return value == -1 && PyErr_Occurred() ? NULL : make(value);
}

static Number *borrow(PyObject *any)
{
    if (Py_IS_TYPE(any, &Number_Type)) return (Number *)any;
    return make(1);
}

static PyObject *own(PyObject *module, PyObject *any)
{
    Number *number = convert(any);
    if (number == NULL) return NULL;
    if (Py_REFCNT(number) == 1) return (PyObject *)number;  // false-alarm: FT601
    return (PyObject *)make(number->value);
}

static PyObject *lent(PyObject *module, PyObject *any)
{
    Number *number = borrow(any);
    if (number == NULL) return NULL;
    if (Py_REFCNT(number) == 1) return (PyObject *)number;  // expect: FT601
    return (PyObject *)make(number->value);
}

static void Number_dealloc(PyObject *self)
{
    if (spares < 8) spare[spares++] = (Number *)self;  // expect: FT207
    else PyObject_Free(self);
}

static PyTypeObject Number_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Number",
                                   .tp_basicsize = sizeof(Number),
                                   .tp_dealloc = Number_dealloc};
static int start(PyObject *module) { return PyModule_AddType(module, &Number_Type); }
static PyMethodDef methods[] = {{"own", own, METH_O, NULL}, {"lent", lent, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
