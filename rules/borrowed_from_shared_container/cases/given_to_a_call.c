// The dict of a request is nobody else's until it is given to a call, which may keep it.
#include <Python.h>
#include <stdlib.h>

typedef struct {
    PyObject *environ;
    int expect;
} Request;

static int look_before(Request *request)
{
    PyObject *value = PyDict_GetItemString(request->environ, "EXPECT");
    const char *text = value ? PyUnicode_AsUTF8(value) : "";
    if (!text) return -1;
    request->expect = text[0] == '1';
    return 0;
}

static int look_after(Request *request)
{
    PyObject *value = PyDict_GetItemString(request->environ, "EXPECT");  // expect: FT101
    const char *text = value ? PyUnicode_AsUTF8(value) : "";
    if (!text) return -1;
    request->expect = text[0] == '1';
    return 0;
}

static PyObject *serve(PyObject *m, PyObject *application)
{
    Request *request = malloc(sizeof(Request));
    if (!request) return PyErr_NoMemory();
    PyObject *done = NULL;
    request->environ = PyDict_New();
    if (request->environ && look_before(request) == 0) {
        done = PyObject_CallFunctionObjArgs(application, request->environ, NULL);
        if (done && look_after(request) < 0) Py_CLEAR(done);
    }
    if (done && request->expect) {
        PyObject *value = PyDict_GetItemString(request->environ, "STATUS");  // expect: FT101
        if (value) request->expect = PyObject_IsTrue(value);
    }
    Py_XDECREF(request->environ);
    free(request);
    return done;
}

static PyMethodDef methods[] = {{"serve", serve, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
