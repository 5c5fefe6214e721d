// Not every way the pointer can come is in sight: a library, an address handed out, an argument of anybody.
#include <Python.h>

extern char *library_make(void);
extern void library_fill(char **);

typedef struct { char *text; } Line;

void line_drop(Line *line, char *more)
{
    free(line->text);
    free(more);
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    Line line = {NULL};
    char *p = library_make(), *q = PyMem_Malloc(3);
    PyMem_Free(p);
    library_fill(&q);
    free(q);
    line.text = PyMem_Malloc(1);
    library_fill(&line.text);
    line_drop(&line, library_make());
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
