// A macro reads the header wherever it is used: told once, where one edit mends all of it. What passes through a macro
// as its argument is written, and told, at its own place.
#include <Python.h>

static PyTypeObject *point_type, *line_type;
#define IS_POINT(object) ((object)->ob_type == point_type)  // expect: FT008
#define IS_SHAPE(object) (IS_POINT(object) || Py_IS_TYPE((object), line_type))
#define IS_LINE(type) ((type) == line_type)

static PyObject *is_shape(PyObject *module, PyObject *object) { return PyBool_FromLong(IS_SHAPE(object)); }

static PyObject *is_point(PyObject *module, PyObject *object)
{
    if (IS_POINT(object)) Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyObject *is_line(PyObject *module, PyObject *object)
{
    return PyBool_FromLong(IS_LINE(object->ob_type));  // expect: FT008
}

static PyMethodDef functions[] = {
    {"is_shape", is_shape, METH_O, NULL},
    {"is_point", is_point, METH_O, NULL},
    {"is_line", is_line, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
