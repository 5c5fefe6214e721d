// A library is asked whether it needs a lock, before it is used and after it: the answer is one, and both ways are
// whole. Two questions that have nothing to do with each other are none, nor is what changes from one time to the next.
#include <Python.h>

int library_is_threaded(void);
int library_is_open(void);
int library_read(int *status);

static PyMutex lock;
#define LOCK() (library_is_threaded() == 0 ? PyMutex_Lock(&lock) : (void)0)
#define UNLOCK() (library_is_threaded() == 0 ? PyMutex_Unlock(&lock) : (void)0)

static PyObject *read_both(PyObject *module, PyObject *unused)
{
    int status = 0;
    LOCK();
    if (library_read(&status)) {
        UNLOCK();
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        UNLOCK();
        LOCK();
        library_read(&status);
    }
    UNLOCK();
    return PyLong_FromLong(status);
}

static void enter(void)
{
    if (!library_is_threaded()) PyMutex_Lock(&lock);
}

static void leave(void)
{
    if (!library_is_threaded()) PyMutex_Unlock(&lock);
}

static PyObject *read_by_helpers(PyObject *module, PyObject *unused)
{
    int status = 0;
    enter();
    const int failed = library_read(&status);
    leave();
    if (failed) return NULL;
    return PyLong_FromLong(status);
}

static PyObject *forgets(PyObject *module, PyObject *unused)
{
    int status = 0;
    LOCK();
    if (library_read(&status)) return NULL;  // expect: FT407
    UNLOCK();
    return PyLong_FromLong(status);
}

static PyObject *asks_another(PyObject *module, PyObject *unused)
{
    int status = 0;
    if (library_is_threaded() == 0) PyMutex_Lock(&lock);
    library_read(&status);
    if (library_is_open() == 0) PyMutex_Unlock(&lock);  // expect: FT407
    return PyLong_FromLong(status);  // expect: FT407
}

static int turns;
static int every_other_time(void) { return turns++ & 1; }

static PyObject *asks_what_changes(PyObject *module, PyObject *unused)
{
    int status = 0;
    if (every_other_time()) PyMutex_Lock(&lock);
    library_read(&status);
    if (every_other_time()) PyMutex_Unlock(&lock);  // expect: FT407
    return PyLong_FromLong(status);  // expect: FT407
}

static int odd_turn(void) { return every_other_time(); }

static PyObject *asks_through_another(PyObject *module, PyObject *unused)
{
    int status = 0;
    if (odd_turn()) PyMutex_Lock(&lock);
    library_read(&status);
    if (odd_turn()) PyMutex_Unlock(&lock);  // expect: FT407
    return PyLong_FromLong(status);  // expect: FT407
}

static int users;
static int is_used(void) { return users > 0; }
static PyObject *use(PyObject *module, PyObject *unused)
{
    users++;
    Py_RETURN_NONE;
}

static PyObject *asks_what_others_set(PyObject *module, PyObject *unused)
{
    int status = 0;
    if (is_used()) PyMutex_Lock(&lock);
    library_read(&status);
    if (is_used()) PyMutex_Unlock(&lock);  // expect: FT407
    return PyLong_FromLong(status);  // expect: FT407
}

static PyMethodDef methods[] = {
    {"read_both", read_both, METH_NOARGS, NULL},
    {"read_by_helpers", read_by_helpers, METH_NOARGS, NULL},
    {"forgets", forgets, METH_NOARGS, NULL},
    {"asks_another", asks_another, METH_NOARGS, NULL},
    {"asks_what_changes", asks_what_changes, METH_NOARGS, NULL},
    {"asks_through_another", asks_through_another, METH_NOARGS, NULL},
    {"use", use, METH_NOARGS, NULL},
    {"asks_what_others_set", asks_what_others_set, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
