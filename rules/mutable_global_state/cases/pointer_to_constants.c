// A pointer that is only ever given constants, or NULL: a reader has an old one at worst, if he bears NULL or goes
// by one look. Who looks once and goes on with a second look meets NULL; and what is freed is gone.
#include <Python.h>
#include <stdlib.h>
#include <string.h>

static const char *format, *style, *order;
static char *title;

static const char *named(const char *name)
{
    static const char *formats[] = {"%Y-%m-%d", "%m-%d-%Y", "%d.%m.%Y"};
    return formats[*name == 'G' ? 2 : *name == 'P' ? 1 : 0];
}

static PyObject *set_all(const char **which, PyObject *arg)
{
    const char *name = arg == Py_None ? NULL : PyUnicode_AsUTF8(arg);
    if (name == NULL && PyErr_Occurred()) return NULL;
    *which = name ? named(name) : NULL;  // expect: FT201 (high)
    Py_RETURN_NONE;
}

static PyObject *set_format(PyObject *module, PyObject *arg)
{
    const char *name = arg == Py_None ? NULL : PyUnicode_AsUTF8(arg);
    format = name ? named(name) : NULL;  // expect: FT201 (low)
    Py_RETURN_NONE;
}

static long kind_of(const char *text) { return !text ? 0 : text[1] == 'm' ? 1 : 2; }

static PyObject *get_format(PyObject *module, PyObject *unused)
{
    if (format) return PyLong_FromLong(kind_of(format));
    Py_RETURN_NONE;
}

static PyObject *set_style(PyObject *module, PyObject *arg)
{
    style = arg == Py_None ? NULL : "ISO";  // expect: FT201 (high)
    Py_RETURN_NONE;
}

static PyObject *get_style(PyObject *module, PyObject *unused)
{
    if (style) return PyLong_FromLong(style[0]);
    Py_RETURN_NONE;
}

static PyObject *set_order(PyObject *module, PyObject *arg) { return set_all(&order, arg); }

static PyObject *set_title(PyObject *module, PyObject *arg)
{
    free(title);
    title = strdup(PyUnicode_AsUTF8(arg));  // expect: FT201 (high)
    Py_RETURN_NONE;
}

static PyObject *get_title(PyObject *module, PyObject *unused)
{
    const char *now = title;
    return now ? PyUnicode_FromString(now) : PyLong_FromLong(order != NULL);
}

static PyMethodDef methods[] = {
    {"set_format", set_format, METH_O, NULL}, {"get_format", get_format, METH_NOARGS, NULL},
    {"set_style", set_style, METH_O, NULL},   {"get_style", get_style, METH_NOARGS, NULL},
    {"set_title", set_title, METH_O, NULL},   {"get_title", get_title, METH_NOARGS, NULL},
    {"set_order", set_order, METH_O, NULL},   {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
