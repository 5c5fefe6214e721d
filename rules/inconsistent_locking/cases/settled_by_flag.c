// `if (shared->threaded) lock(&shared->mutex);`: the flag is set where the mutex is made, and stays. Whoever asks it
// has the lock wherever there is a second thread; who stores without it does not.
#include <Python.h>
#include <pthread.h>

typedef struct { int threaded; pthread_mutex_t mutex; } Shared;
typedef struct { PyObject_HEAD Shared *shared; int closing, uses; } Statement;

int release_handle(void);

static PyObject *statement_close(PyObject *op, PyObject *unused)
{
    Statement *self = (Statement *)op;
    if (self->shared->threaded) pthread_mutex_lock(&self->shared->mutex);
    int closing = self->closing;
    self->closing = 1;
    if (self->shared->threaded) pthread_mutex_unlock(&self->shared->mutex);
    if (closing) Py_RETURN_NONE;
    int status = release_handle();
    if (status < 0) {
        if (self->shared->threaded) pthread_mutex_lock(&self->shared->mutex);
        self->closing = 0;
        if (self->shared->threaded) pthread_mutex_unlock(&self->shared->mutex);
    }
    return PyLong_FromLong(status);
}

static PyObject *statement_use(PyObject *op, PyObject *unused)
{
    Statement *self = (Statement *)op;
    if (self->shared->threaded) pthread_mutex_lock(&self->shared->mutex);
    self->uses++;
    if (self->shared->threaded) pthread_mutex_unlock(&self->shared->mutex);
    Py_RETURN_NONE;
}

static PyObject *statement_reset(PyObject *op, PyObject *unused)
{
    ((Statement *)op)->uses = 0;  // expect: FT303
    Py_RETURN_NONE;
}

static PyObject *statement_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    int threaded = 0;
    if (!PyArg_ParseTuple(args, "|p", &threaded)) return NULL;
    Statement *self = (Statement *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->shared = calloc(1, sizeof(Shared));
    if (threaded) {
        pthread_mutex_init(&self->shared->mutex, NULL);
        self->shared->threaded = 1;
    }
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"close", statement_close, METH_NOARGS, NULL},
    {"use", statement_use, METH_NOARGS, NULL},
    {"reset", statement_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject StatementType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Statement", .tp_basicsize = sizeof(Statement),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_methods = methods, .tp_new = statement_new};

static int exec(PyObject *module) { return PyModule_AddType(module, &StatementType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
