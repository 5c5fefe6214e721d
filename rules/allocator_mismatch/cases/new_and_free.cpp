// C++: new goes with delete.
#include <Python.h>
#include <cstdlib>

struct Point { double x, y; };

static PyObject *f(PyObject *module, PyObject *unused)
{
    Point *a = new Point, *b = static_cast<Point *>(PyMem_Malloc(sizeof(Point))), *c = new Point[4];
    std::free(a);  // expect: FT606
    delete b;  // expect: FT606
    delete[] c;
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
