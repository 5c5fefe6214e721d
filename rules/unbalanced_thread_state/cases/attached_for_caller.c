// A lookup that leaves the thread attached for its caller, with what ends that in the caller's variable, where it found
// something, and has undone it where it returns NULL. Who calls it goes by the result; one forgets that on the way of
// an error. Another lookup keeps the thread attached on a way on which it returns NULL, too.
#include <Python.h>
#include <pthread.h>

static PyObject *handlers;

static PyObject *find(PyGILState_STATE *gil, const char *name)
{
    PyObject *found;
    *gil = PyGILState_Ensure();
    if (PyDict_GetItemStringRef(handlers, name, &found) <= 0) goto release;
    return found;
release:
    PyGILState_Release(*gil);
    return NULL;
}

static PyObject *find_or_forget(PyGILState_STATE *gil, const char *name)
{
    PyObject *found;
    *gil = PyGILState_Ensure();
    int there = PyDict_GetItemStringRef(handlers, name, &found);
    if (there < 0) return NULL;  // expect: FT503
    if (there > 0) return found;  // false-alarm: FT503
    PyGILState_Release(*gil);
    return NULL;
}

static void call(const char *name)
{
    PyGILState_STATE gil;
    PyObject *handler = find(&gil, name);
    if (handler != NULL) {
        Py_XDECREF(PyObject_CallNoArgs(handler));
        Py_DECREF(handler);
        PyGILState_Release(gil);
    }
}

static void call_at_once(const char *name)
{
    PyGILState_STATE gil;
    PyObject *handler;
    if ((handler = find(&gil, name)) == NULL) return;
    Py_XDECREF(PyObject_CallNoArgs(handler));
    Py_DECREF(handler);
    PyGILState_Release(gil);
}

static void call_until_error(const char *name)
{
    PyGILState_STATE gil;
    PyObject *handler = find(&gil, name);
    if (handler != NULL) {
        PyObject *result = PyObject_CallNoArgs(handler);
        Py_DECREF(handler);
        if (result == NULL) return;  // expect: FT503
        Py_DECREF(result);
        PyGILState_Release(gil);
    }
}

static void *native(void *name)
{
    PyGILState_STATE gil;
    call(name), call_at_once(name);
    PyObject *handler = find_or_forget(&gil, name);
    if (handler != NULL) PyGILState_Release(gil);
    return NULL;  // expect: FT503
}

static void *careless(void *name)
{
    call_until_error(name);
    return NULL;
}

static PyObject *start(PyObject *module, PyObject *unused)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, native, "on_event")) return PyErr_NoMemory();
    pthread_detach(thread);
    if (pthread_create(&thread, NULL, careless, "on_error")) return PyErr_NoMemory();
    pthread_detach(thread);
    Py_RETURN_NONE;
}

static int fill(PyObject *module) { return (handlers = PyDict_New()) == NULL ? -1 : 0; }

static PyMethodDef methods[] = {{"start", start, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "events", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_events(void) { return PyModuleDef_Init(&definition); }
