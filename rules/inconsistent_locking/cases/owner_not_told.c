// Who took the door gives it back, as take() told them; one method reads without having asked.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static unsigned long inside;
static long *cells;
static Py_ssize_t count;

static int take(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (__atomic_load_n(&inside, __ATOMIC_RELAXED) == me) return 0;
    pthread_mutex_lock(&door);
    __atomic_store_n(&inside, me, __ATOMIC_RELAXED);
    return 1;
}

static void give(int mine)
{
    if (!mine) return;
    __atomic_store_n(&inside, 0, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&door);
}

static PyObject *add(PyObject *module, PyObject *unused)
{
    int mine = take();
    long *more = realloc(cells, (count + 1) * sizeof *cells);
    if (more != NULL) {
        cells = more;
        cells[count++] = 1;
    }
    give(mine);
    Py_RETURN_NONE;
}

static PyObject *first(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(cells == NULL ? 0 : cells[0]);  // expect: FT303
}

static PyMethodDef methods[] = {{"add", add, METH_NOARGS, NULL}, {"first", first, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
