// Tables in globals: filled while the module is made and never changed again, nobody can drop what is borrowed from
// them. One that a method or a destructor changes, one that a method hands out, and one that Python finds in the module
// are another matter; the last takes Python code that reaches for it.
#include <Python.h>

static PyObject *codes, *names, *units, *aliases, *symbols;

static PyObject *code_of(PyObject *module, PyObject *key)
{
    PyObject *code = PyDict_GetItemWithError(codes, key);
    return code ? PyNumber_Long(code) : PyLong_FromLong(0);
}

static PyObject *name_of(PyObject *module, PyObject *key)
{
    PyObject *name = PyDict_GetItemWithError(names, key);  // expect: FT101
    return name ? PyObject_Str(name) : NULL;
}
static PyObject *forget(PyObject *module, PyObject *key)
{
    return PyDict_DelItem(names, key) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *unit_of(PyObject *module, PyObject *key)
{
    PyObject *unit = PyDict_GetItemWithError(units, key);  // expect: FT101
    return unit ? PyObject_Str(unit) : NULL;
}
static PyObject *all_units(PyObject *module, PyObject *unused) { return Py_NewRef(units); }

static PyObject *alias_of(PyObject *module, PyObject *key)
{
    PyObject *alias = PyDict_GetItemWithError(aliases, key);  // expect: FT101
    return alias ? PyObject_Str(alias) : NULL;
}

typedef struct { PyObject_HEAD } Symbol;
static PyObject *symbol_of(PyObject *module, PyObject *key)
{
    PyObject *symbol = PyDict_GetItemWithError(symbols, key);  // expect: FT101
    return symbol ? PyObject_Str(symbol) : NULL;
}
static void symbol_dealloc(PyObject *self)
{
    PyObject *key = PyLong_FromVoidPtr(self);
    if (key == NULL || PyDict_DelItem(symbols, key) < 0) PyErr_Clear();
    Py_XDECREF(key);
    Py_TYPE(self)->tp_free(self);
}
static PyTypeObject Symbol_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "tables.Symbol",
    .tp_basicsize = sizeof(Symbol),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = symbol_dealloc,
};

static int fill(PyObject *table, const char *key, long value)
{
    PyObject *number = PyLong_FromLong(value);
    if (number == NULL) return -1;
    int failed = PyDict_SetItemString(table, key, number);
    Py_DECREF(number);
    return failed;
}

static int tables_exec(PyObject *module)
{
    if ((codes = PyDict_New()) == NULL || fill(codes, "one", 1) < 0 || fill(codes, "two", 2) < 0) return -1;
    if ((names = PyDict_New()) == NULL || fill(names, "one", 1) < 0) return -1;
    if ((units = PyDict_New()) == NULL || fill(units, "one", 1) < 0) return -1;
    if ((symbols = PyDict_New()) == NULL || PyModule_AddType(module, &Symbol_Type) < 0) return -1;
    PyObject *made = PyDict_New();
    if (made == NULL || fill(made, "one", 1) < 0) return -1;
    aliases = made;
    Py_INCREF(aliases);
    return PyModule_AddObject(module, "aliases", aliases);
}

static PyMethodDef methods[] = {
    {"code_of", code_of, METH_O, NULL},   {"name_of", name_of, METH_O, NULL},   {"forget", forget, METH_O, NULL},
    {"unit_of", unit_of, METH_O, NULL},   {"all_units", all_units, METH_NOARGS, NULL},
    {"alias_of", alias_of, METH_O, NULL}, {"symbol_of", symbol_of, METH_O, NULL}, {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, tables_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "tables", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_tables(void) { return PyModuleDef_Init(&definition); }
