// SDL's mutexes, behind a wrapper that says whether it got the lock, and taken only where there is one.
#include <Python.h>

typedef struct SDL_mutex SDL_mutex;
int SDL_LockMutex(SDL_mutex *mutex);
int SDL_UnlockMutex(SDL_mutex *mutex);
SDL_mutex *SDL_CreateMutex(void);

static SDL_mutex *mutex;
static long next;

static int lock(SDL_mutex *which) { return SDL_LockMutex(which); }

static PyObject *f(PyObject *module, PyObject *unused)
{
    int error = 0;
    if (lock(mutex) < 0) {
        error = 1;
        goto done;
    }
    next++;
    if (SDL_UnlockMutex(mutex) < 0) error = 2;
done:
    if (error) return PyErr_Format(PyExc_OSError, "error %d", error);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    if (lock(mutex) < 0) return PyErr_Format(PyExc_OSError, "no lock");
    long was = next++;
    if (was > 1000) return PyErr_Format(PyExc_OverflowError, "too many");  // expect: FT407
    SDL_UnlockMutex(mutex);
    return PyLong_FromLong(was);
}

static int m_exec(PyObject *module)
{
    mutex = SDL_CreateMutex();
    return mutex == NULL ? -1 : 0;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
