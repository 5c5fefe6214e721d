// A native mutex inside a section, and the section inside the mutex.
#include <Python.h>
#include <pthread.h>

typedef struct {
    PyObject_HEAD
    long n;
} Box;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static PyMutex small;
static long total;

static PyObject *Box_add(Box *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    pthread_mutex_lock(&mutex);
    total += self->n;
    pthread_mutex_unlock(&mutex);
    PyMutex_Lock(&small);
    total++;
    PyMutex_Unlock(&small);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *Box_take(Box *self, PyObject *unused)
{
    pthread_mutex_lock(&mutex);
    Py_BEGIN_CRITICAL_SECTION(self);  // expect: FT408
    self->n += total;
    Py_END_CRITICAL_SECTION();
    pthread_mutex_unlock(&mutex);
    PyMutex_Lock(&small);
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n++;
    Py_END_CRITICAL_SECTION();
    PyMutex_Unlock(&small);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"add", (PyCFunction)Box_add, METH_NOARGS, NULL},
    {"take", (PyCFunction)Box_take, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "box.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Box_methods,
};
static int box_exec(PyObject *module) { return PyModule_AddType(module, &Box_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)box_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "box", .m_slots = slots};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
