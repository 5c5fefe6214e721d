// The last holder frees the row by way of a function that empties it first; another keeps it for later use.
#include <Python.h>

typedef struct {
    Py_ssize_t holders;
    Py_ssize_t room;
    long *marks;
} Row;
typedef struct Page {
    Py_ssize_t holders;
    struct Page *next;
} Page;
typedef struct {
    PyObject_HEAD
    Row *row;
    Page *page;
} Sheet;

static Page *spare;

static void row_free(Row *row)
{
    PyMem_Free(row->marks);
    PyMem_Free(row);
}
static void row_discard(Row *row)
{
    row->room = 0;
    row_free(row);
}
static void row_drop(Row *row)
{
    if (--row->holders == 0) row_discard(row);  // expect: FT806
}
static void page_keep(Page *page)
{
    page->next = spare;
    spare = page;
}
static void page_drop(Page *page)
{
    page->holders -= 1;  // expect: FT806
    if (page->holders > 0) return;
    page_keep(page);
}

static PyObject *sheet_share(Sheet *self, PyObject *unused)
{
    PyTypeObject *type = Py_TYPE(self);
    Sheet *twin = (Sheet *)type->tp_alloc(type, 0);
    if (twin == NULL) return NULL;
    self->row->holders++;  // side: FT806
    self->page->holders++;  // side: FT806
    twin->row = self->row;
    twin->page = self->page;
    return (PyObject *)twin;
}
static PyObject *sheet_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Sheet *self = (Sheet *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->row = PyMem_Calloc(1, sizeof(Row));
    self->page = PyMem_Calloc(1, sizeof(Page));
    if (self->row == NULL || self->page == NULL) Py_FatalError("no memory");
    self->row->holders = 1;
    self->page->holders = 1;
    return (PyObject *)self;
}
static void sheet_dealloc(Sheet *self)
{
    PyTypeObject *type = Py_TYPE(self);
    row_drop(self->row);
    page_drop(self->page);
    type->tp_free(self);
    Py_DECREF(type);
}
static PyMethodDef sheet_methods[] = {
    {"share", (PyCFunction)sheet_share, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot sheet_slots[] = {
    {Py_tp_methods, sheet_methods},
    {Py_tp_new, sheet_new},
    {Py_tp_dealloc, sheet_dealloc},
    {0, NULL},
};
static PyType_Spec spec = {"sheets.Sheet", sizeof(Sheet), 0, Py_TPFLAGS_DEFAULT, sheet_slots};
static int sheets_exec(PyObject *module) { return PyModule_Add(module, "Sheet", PyType_FromSpec(&spec)); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)sheets_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "sheets", .m_slots = slots};
PyMODINIT_FUNC PyInit_sheets(void) { return PyModuleDef_Init(&definition); }
