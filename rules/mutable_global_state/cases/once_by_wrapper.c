// A function of the project that hands what it is given to pthread_once; one that goes by a flag of its own.
#include <Python.h>
#include <pthread.h>

typedef int (*Largest)(const int *, int);

static Largest largest, smallest, middle;

static int first(const int *at, int n) { return n ? at[0] : 0; }

static void set_largest(void) { largest = first; }
static void set_smallest(void) { smallest = first; }  // expect: FT201
static void set_middle(void) { middle = first; }      // expect: FT201

static void once(void (*function)(void))
{
    static pthread_once_t done = PTHREAD_ONCE_INIT;
    pthread_once(&done, function);
}

static void once_each(pthread_once_t *done, void (*function)(void)) { pthread_once(done, function); }

static void by_flag(void (*function)(void))
{
    static int done;
    if (!done) function();
    done = 1;
}

static PyObject *run(PyObject *m, PyObject *arg)
{
    int items[3] = {1, 5, (int)PyLong_AsLong(arg)};
    static pthread_once_t middle_done = PTHREAD_ONCE_INIT;
    once(set_largest);
    by_flag(set_smallest);
    once_each(&middle_done, set_middle);
    return PyLong_FromLong(largest(items, 3) + smallest(items, 3) + middle(items, 3));
}

static PyObject *early(PyObject *m, PyObject *unused)
{
    int items[1] = {1};
    return PyLong_FromLong(middle ? middle(items, 1) : 0);  // before it may have been set, or beside that
}

static PyMethodDef methods[] = {{"run", run, METH_O, NULL}, {"early", early, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
