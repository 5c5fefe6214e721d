// A length is no count of holders. Whether it decides about room or about the marks in the row, the row itself stays.
#include <Python.h>

typedef struct {
    Py_ssize_t used;
    Py_ssize_t room;
    long *marks;
} Row;
typedef struct {
    PyObject_HEAD
    Row row;
} Sheet;

static void row_reset(Row *row)
{
    PyMem_Free(row->marks);
    row->marks = NULL;
    row->room = 0;
}
static int row_fit(Row *row, Py_ssize_t room)
{
    long *marks = PyMem_Resize(row->marks, long, room);
    if (marks == NULL) return -1;
    row->marks = marks;
    row->room = room;
    return 0;
}
static int row_add(Row *row, long mark)
{
    if (row->used == row->room && row_fit(row, row->room + 8) < 0) return -1;
    row->marks[row->used] = mark;
    row->used += 1;
    return 0;
}
static int row_remove(Row *row, Py_ssize_t at)
{
    row->used -= 1;
    if (row->used == at) return 0;
    row->marks[at] = row->marks[row->used];
    return row_fit(row, row->used + 1);
}
static void row_pop(Row *row)
{
    if (--row->used == 0) row_reset(row);
}

static PyObject *sheet_add(Sheet *self, PyObject *mark)
{
    long value = PyLong_AsLong(mark);
    if (value == -1 && PyErr_Occurred()) return NULL;
    if (row_add(&self->row, value) < 0) return PyErr_NoMemory();
    Py_RETURN_NONE;
}
static PyObject *sheet_remove(Sheet *self, PyObject *place)
{
    Py_ssize_t at = PyLong_AsSsize_t(place);
    if (at < 0 || at >= self->row.used) return PyErr_Format(PyExc_IndexError, "no mark at %zd", at);
    if (row_remove(&self->row, at) < 0) return PyErr_NoMemory();
    Py_RETURN_NONE;
}
static PyObject *sheet_pop(Sheet *self, PyObject *unused)
{
    if (self->row.used > 0) row_pop(&self->row);
    Py_RETURN_NONE;
}
static void sheet_dealloc(Sheet *self)
{
    PyTypeObject *type = Py_TYPE(self);
    row_reset(&self->row);
    type->tp_free(self);
    Py_DECREF(type);
}
static PyMethodDef sheet_methods[] = {
    {"add", (PyCFunction)sheet_add, METH_O, NULL},
    {"remove", (PyCFunction)sheet_remove, METH_O, NULL},
    {"pop", (PyCFunction)sheet_pop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot sheet_slots[] = {
    {Py_tp_methods, sheet_methods},
    {Py_tp_dealloc, sheet_dealloc},
    {0, NULL},
};
static PyType_Spec spec = {"sheets.Sheet", sizeof(Sheet), 0, Py_TPFLAGS_DEFAULT, sheet_slots};
static int sheets_exec(PyObject *module) { return PyModule_Add(module, "Sheet", PyType_FromSpec(&spec)); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)sheets_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "sheets", .m_slots = slots};
PyMODINIT_FUNC PyInit_sheets(void) { return PyModuleDef_Init(&definition); }
