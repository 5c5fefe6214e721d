// `if (shared->threaded) lock(&shared->mutex);`, and a method turns it on when others have the object: until then
// nobody keeps anybody off.
#include <Python.h>
#include <pthread.h>

typedef struct { PyObject_HEAD int threaded, uses; pthread_mutex_t mutex; } Statement;

static PyObject *statement_use(PyObject *op, PyObject *unused)
{
    Statement *self = (Statement *)op;
    if (self->threaded) pthread_mutex_lock(&self->mutex);
    int uses = ++self->uses;  // expect: FT301
    if (self->threaded) pthread_mutex_unlock(&self->mutex);
    return PyLong_FromLong(uses);
}

static PyObject *statement_share(PyObject *op, PyObject *unused)
{
    ((Statement *)op)->threaded = 1;  // expect: FT301
    Py_RETURN_NONE;
}

static PyObject *statement_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Statement *self = (Statement *)type->tp_alloc(type, 0);
    if (self) pthread_mutex_init(&self->mutex, NULL);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {{"use", statement_use, METH_NOARGS, NULL},
                                {"share", statement_share, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyTypeObject StatementType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Statement", .tp_basicsize = sizeof(Statement),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_methods = methods, .tp_new = statement_new};

static int exec(PyObject *module) { return PyModule_AddType(module, &StatementType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
