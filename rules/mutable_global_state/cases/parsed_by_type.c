// The type that "O!" asks for and the converter of "O&" are what the parser works with, not what it fills.
#include <Python.h>

static PyTypeObject *surface_type;
static int (*convert)(PyObject *, void *);

static PyObject *blit(PyObject *module, PyObject *args)
{
    PyObject *surface;
    int value;
    if (!PyArg_ParseTuple(args, "O!O&", surface_type, &surface, convert, &value)) return NULL;
    return PyLong_FromLong(value);
}

static PyObject *parsed_by(PyObject *args, const char *format)
{
    PyObject *surface;
    if (!PyArg_ParseTuple(args, format, surface_type, &surface)) return NULL;
    Py_RETURN_NONE;
}

static PyObject *fill(PyObject *module, PyObject *args) { return parsed_by(args, "O!:fill"); }

static PyMethodDef methods[] = {{"blit", blit, METH_VARARGS, NULL}, {"fill", fill, METH_VARARGS, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "blitter", NULL, -1, methods};

PyMODINIT_FUNC PyInit_blitter(void)
{
    return PyModule_Create(&module);
}
