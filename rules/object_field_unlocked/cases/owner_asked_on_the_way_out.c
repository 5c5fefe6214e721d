// A lock that is taken again by its owner. One is given back with a word on who holds it, and counts its levels; of the
// other, who took it is told so, and gives it back. Whoever asks for neither is told.
#include <Python.h>
#include <pthread.h>

static PyThread_type_lock gate;
static unsigned long keeper;
static int level;

static int enter(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (gate == NULL) return -1;
    if (keeper == me) {
        level += 1;
        return 0;
    }
    if (!PyThread_acquire_lock(gate, WAIT_LOCK)) return -1;
    keeper = me;
    level = 1;
    return 0;
}

static void leave(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (gate == NULL) return;
    if (keeper != me) {
        PyThread_release_lock(gate);
        return;
    }
    if (level > 1) {
        level -= 1;
        return;
    }
    keeper = 0;
    level = 0;
    PyThread_release_lock(gate);
}

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static unsigned long inside;

static int take(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (__atomic_load_n(&inside, __ATOMIC_RELAXED) == me) return 0;
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&door);
    Py_END_ALLOW_THREADS
    __atomic_store_n(&inside, me, __ATOMIC_RELAXED);
    return 1;
}

static void give(int mine)
{
    if (!mine) return;
    __atomic_store_n(&inside, 0, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&door);
}

typedef struct {
    PyObject_HEAD
    int *cells, *rows, *columns;
    Py_ssize_t cell_count, row_count, column_count;
} Store;

static int *grown(int *items, Py_ssize_t count) { return realloc(items, (count + 1) * sizeof *items); }

static PyObject *add_cell(Store *self, PyObject *unused)
{
    if (enter() < 0) return PyErr_Format(PyExc_RuntimeError, "no lock");
    int *more = grown(self->cells, self->cell_count);
    if (more != NULL) self->cells = more, more[self->cell_count++] = 1;
    leave();
    Py_RETURN_NONE;
}

static PyObject *last_cell(Store *self, PyObject *unused)
{
    if (enter() < 0) return PyErr_Format(PyExc_RuntimeError, "no lock");
    long value = self->cell_count ? self->cells[self->cell_count - 1] : 0;
    leave();
    return PyLong_FromLong(value);
}

static PyObject *add_row(Store *self, PyObject *unused)
{
    int mine = take();
    int *more = grown(self->rows, self->row_count);
    if (more != NULL) self->rows = more, more[self->row_count++] = 1;
    give(mine);
    Py_RETURN_NONE;
}

static PyObject *last_row(Store *self, PyObject *unused)
{
    int mine = take();
    long value = self->row_count ? self->rows[self->row_count - 1] : 0;
    give(mine);
    return PyLong_FromLong(value);
}

static PyObject *add_column(Store *self, PyObject *unused)
{
    int *more = grown(self->columns, self->column_count);
    if (more != NULL) self->columns = more, more[self->column_count++] = 1;  // expect: FT301
    Py_RETURN_NONE;
}

static PyMethodDef store_methods[] = {
    {"add_cell", (PyCFunction)add_cell, METH_NOARGS, NULL}, {"last_cell", (PyCFunction)last_cell, METH_NOARGS, NULL},
    {"add_row", (PyCFunction)add_row, METH_NOARGS, NULL},   {"last_row", (PyCFunction)last_row, METH_NOARGS, NULL},
    {"add_column", (PyCFunction)add_column, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Store_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Store",
                                  .tp_basicsize = sizeof(Store),
                                  .tp_methods = store_methods,
                                  .tp_new = PyType_GenericNew};
static int start(PyObject *module)
{
    gate = PyThread_allocate_lock();
    return gate == NULL ? -1 : PyModule_AddType(module, &Store_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
