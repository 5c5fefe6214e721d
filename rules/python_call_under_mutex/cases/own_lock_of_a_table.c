// Every method of a Table only tries its lock, and refuses; it is waited for where nobody else has the object, when it
// is made and when it goes away. Of a Page the lock is its book's: whoever takes a page down waits for others.
#include <Python.h>
#include <pthread.h>

typedef struct { PyObject_HEAD pthread_mutex_t *turn; int rows; } Table;
typedef struct { PyObject_HEAD pthread_mutex_t *quiet; } Book;
typedef struct { PyObject_HEAD Book *book; pthread_mutex_t *quiet; int number; } Page;

static PyTypeObject Book_Type, Page_Type;

static PyObject *Table_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Table *self = (Table *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->turn = malloc(sizeof *self->turn);
    pthread_mutex_init(self->turn, NULL);
    pthread_mutex_lock(self->turn);
    self->rows = 1;
    pthread_mutex_unlock(self->turn);
    return (PyObject *)self;
}

static PyObject *Table_each(Table *self, PyObject *function)
{
    if (pthread_mutex_trylock(self->turn) != 0) return PyErr_Format(PyExc_RuntimeError, "another thread is at it");
    PyObject *result = PyObject_CallNoArgs(function);
    pthread_mutex_unlock(self->turn);
    return result;
}

static void Table_dealloc(Table *self)
{
    pthread_mutex_lock(self->turn);
    self->rows = 0;
    pthread_mutex_unlock(self->turn);
    pthread_mutex_destroy(self->turn);
    free(self->turn);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *Book_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Book *self = (Book *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->quiet = malloc(sizeof *self->quiet);
    pthread_mutex_init(self->quiet, NULL);
    return (PyObject *)self;
}

static PyObject *Book_page(Book *self, PyObject *unused)
{
    Page *page = PyObject_New(Page, &Page_Type);
    if (page == NULL) return NULL;
    page->book = (Book *)Py_NewRef(self);
    page->quiet = self->quiet;
    page->number = 1;
    return (PyObject *)page;
}

static PyObject *Book_each(Book *self, PyObject *function)
{
    if (pthread_mutex_trylock(self->quiet) != 0) return PyErr_Format(PyExc_RuntimeError, "another thread is at it");
    PyObject *result = PyObject_CallNoArgs(function);  // expect: FT405
    pthread_mutex_unlock(self->quiet);
    return result;
}

static void Page_dealloc(Page *self)
{
    pthread_mutex_lock(self->quiet);  // missed: FT411
    self->number = 0;
    pthread_mutex_unlock(self->quiet);
    Py_DECREF(self->book);
    PyObject_Free(self);
}

static PyMethodDef table_methods[] = {{"each", (PyCFunction)Table_each, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef book_methods[] = {{"each", (PyCFunction)Book_each, METH_O, NULL},
                                     {"page", (PyCFunction)Book_page, METH_NOARGS, NULL},
                                     {NULL, NULL, 0, NULL}};
static PyTypeObject Table_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Table",
                                  .tp_basicsize = sizeof(Table),
                                  .tp_methods = table_methods,
                                  .tp_new = Table_new,
                                  .tp_dealloc = (destructor)Table_dealloc};
static PyTypeObject Book_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Book",
                                 .tp_basicsize = sizeof(Book),
                                 .tp_methods = book_methods,
                                 .tp_new = Book_new};
static PyTypeObject Page_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Page",
                                 .tp_basicsize = sizeof(Page),
                                 .tp_dealloc = (destructor)Page_dealloc};
static int start(PyObject *module)
{
    if (PyModule_AddType(module, &Table_Type) < 0 || PyModule_AddType(module, &Book_Type) < 0) return -1;
    return PyType_Ready(&Page_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
