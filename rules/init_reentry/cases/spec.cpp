// A type from a spec, with a C++ member that __init__ replaces.
#include <Python.h>

struct Table { int *cells = nullptr; };
struct Grid { PyObject_HEAD Table table; };

static int grid_init(PyObject *op, PyObject *, PyObject *)
{
  Table &table = reinterpret_cast<Grid *>(op)->table;
  delete[] table.cells;
  table.cells = new int[16]();  // expect: FT309
  return 0;
}

static PyObject *grid_first(PyObject *op, PyObject *)
{
  const Table &table = reinterpret_cast<Grid *>(op)->table;
  return PyLong_FromLong(table.cells ? table.cells[0] : 0);
}

static PyMethodDef grid_methods[] = {{"first", grid_first, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot grid_slots[] = {
    {Py_tp_init, reinterpret_cast<void *>(grid_init)},
    {Py_tp_methods, grid_methods},
    {0, nullptr},
};
static PyType_Spec grid_spec = {"m.Grid", sizeof(Grid), 0, Py_TPFLAGS_DEFAULT, grid_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&grid_spec); }
