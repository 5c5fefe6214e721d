// What the module's own type puts down when the module goes, and only then: the garbage collector's call of the same
// helper says that it is not for good. A method that says it is drops it under everybody.
#include <Python.h>

static PyObject *word, *phrase;

static int drop(PyObject *module, int for_good)
{
    if (for_good) Py_CLEAR(word);
    return 0;
}
static int drop_too_early(int for_good)
{
    if (for_good) Py_CLEAR(phrase);  // expect: FT205
    return 0;
}

static int book_clear(PyObject *module) { return drop(module, 0); }
static void book_dealloc(PyObject *module)
{
    drop(module, 1);
    drop_too_early(1);
    PyModule_Type.tp_dealloc(module);
}
static PyTypeObject Book_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "books.Module",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_clear = book_clear,
    .tp_dealloc = book_dealloc,
};

static PyObject *open_book(PyObject *module, PyObject *book) { return PyObject_CallMethodNoArgs(book, word); }
static PyObject *close_book(PyObject *module, PyObject *book) { return PyObject_CallMethodNoArgs(book, phrase); }
static PyObject *forget(PyObject *module, PyObject *unused)
{
    drop_too_early(1);
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"open", open_book, METH_O, NULL},
    {"close", close_book, METH_O, NULL},
    {"forget", forget, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "books", .m_size = -1, .m_methods = methods};
PyMODINIT_FUNC PyInit_books(void)
{
    Book_Type.tp_base = &PyModule_Type;
    Book_Type.tp_basicsize = PyModule_Type.tp_basicsize;
    word = PyUnicode_InternFromString("open");
    phrase = PyUnicode_InternFromString("close");
    if (PyType_Ready(&Book_Type) < 0 || word == NULL || phrase == NULL) return NULL;
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    Py_SET_TYPE(module, &Book_Type);
#ifdef Py_GIL_DISABLED
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
    return module;
}
