/* ledger._book: what Python sees. */
#include "book.h"

Book book;

static PyObject *book_open_account(PyObject *module, PyObject *args)
{
    PyObject *name, *owner = Py_None;
    int failed;
    if (!PyArg_ParseTuple(args, "U|O:open_account", &name, &owner)) return NULL;
    BOOK_LOCK();
    failed = accounts_open(name, owner); /* false-alarm: FT405 */
    BOOK_UNLOCK();
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyObject *book_post(PyObject *module, PyObject *args)
{
    PyObject *from, *to;
    long long cents;
    const char *left, *right;
    int failed;
    if (!PyArg_ParseTuple(args, "UUL:post", &from, &to, &cents)) return NULL;
    left = PyUnicode_AsUTF8(from);
    right = left ? PyUnicode_AsUTF8(to) : NULL;
    if (right == NULL) return NULL;
    BOOK_LOCK();
    failed = accounts_move(from, to, cents) < 0 || journal_append(left, right, cents) < 0; /* false-alarm: FT405 */
    BOOK_UNLOCK();
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* Posts a list of (from, to, cents), as one. */
static PyObject *book_load(PyObject *module, PyObject *rows)
{
    Py_ssize_t i, count;
    if (!PyList_Check(rows)) return PyErr_Format(PyExc_TypeError, "load() needs a list, not %T", rows);
    count = PyList_GET_SIZE(rows);
    for (i = 0; i < count; i++) {
        PyObject *row = PyList_GetItem(rows, i); /* expect: FT101 */
        PyObject *done = row && PyTuple_Check(row) ? book_post(module, row) : PyErr_Format(PyExc_TypeError, "row %zd", i);
        if (done == NULL) return NULL;
        Py_DECREF(done);
    }
    return PyLong_FromSsize_t(count);
}

/* A remark in the journal: moves nothing. */
static PyObject *book_note(PyObject *module, PyObject *text)
{
    const char *remark = PyUnicode_AsUTF8(text);
    if (remark == NULL || journal_append(remark, "", 0) < 0) return NULL; /* without the lock */
    Py_RETURN_NONE;
}

static PyObject *book_balance(PyObject *module, PyObject *name)
{
    long long cents;
    int found = accounts_read(name, &cents); /* without the lock */
    if (found < 0) return NULL;
    if (!found) {
        PyErr_SetObject(PyExc_KeyError, name);
        return NULL;
    }
    return PyLong_FromLongLong(cents);
}

static PyObject *book_owner(PyObject *module, PyObject *name)
{
    PyObject *owner;
    BOOK_LOCK();
    owner = accounts_owner(name); /* false-alarm: FT405 */
    BOOK_UNLOCK();
    if (owner == NULL && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, name);
    return owner;
}

static PyObject *book_entries(PyObject *module, PyObject *args)
{
    const char *account = NULL;
    PyObject *list;
    if (!PyArg_ParseTuple(args, "|s:entries", &account)) return NULL;
    BOOK_LOCK();
    list = journal_entries(account); /* false-alarm: FT405 */
    BOOK_UNLOCK();
    return list;
}

typedef struct {
    PyObject *names;
    int failed;
} Collected;

static void collect_name(PyObject *name, PyObject *cents, void *data)
{
    Collected *collected = data;
    if (!collected->failed) collected->failed = PyList_Append(collected->names, name) < 0;
}

static void collect_pair(PyObject *name, PyObject *cents, void *data)
{
    Collected *collected = data;
    if (!collected->failed) collected->failed = PyDict_SetItem(collected->names, name, cents) < 0;
}

static PyObject *book_accounts(PyObject *module, PyObject *unused)
{
    Collected collected = {PyList_New(0), 0};
    if (collected.names == NULL) return NULL;
    accounts_each(collect_name, &collected); /* without the lock */
    if (collected.failed) Py_CLEAR(collected.names);
    return collected.names;
}

static PyObject *book_balances(PyObject *module, PyObject *unused)
{
    Collected collected = {PyDict_New(), 0};
    if (collected.names == NULL) return NULL;
    BOOK_LOCK();
    accounts_each(collect_pair, &collected); /* false-alarm: FT405 */
    BOOK_UNLOCK();
    if (collected.failed) Py_CLEAR(collected.names);
    return collected.names;
}

static PyObject *book_trial(PyObject *module, PyObject *unused)
{
    long long sum;
    BOOK_LOCK();
    sum = accounts_sum(); /* false-alarm: FT405 */
    BOOK_UNLOCK();
    return PyLong_FromLongLong(sum);
}

/* A dict with what a statement says of one account; further fields come as keywords. */
static PyObject *book_statement(PyObject *module, PyObject *args, PyObject *fields)
{
    PyObject *name, *owner, *list = NULL, *key, *value, *statement = PyDict_New();
    Py_ssize_t pos = 0;
    const char *text;
    if (statement == NULL || !PyArg_ParseTuple(args, "U:statement", &name)) goto failed;
    text = PyUnicode_AsUTF8(name);
    if (text == NULL) goto failed;
    BOOK_LOCK();
    owner = accounts_owner(name); /* false-alarm: FT405 */
    if (owner != NULL) list = journal_entries(text);
    BOOK_UNLOCK();
    if (owner == NULL) {
        if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, name);
        goto failed;
    }
    if (list == NULL || PyDict_SetItemString(statement, "owner", owner) < 0 ||
        PyDict_SetItemString(statement, "entries", list) < 0) {
        Py_DECREF(owner);
        Py_XDECREF(list);
        goto failed;
    }
    Py_DECREF(owner);
    Py_DECREF(list);
    while (fields != NULL && PyDict_Next(fields, &pos, &key, &value))
        if (PyDict_SetItem(statement, key, value) < 0) goto failed;
    return statement;
failed:
    Py_XDECREF(statement);
    return NULL;
}

/* Ends the year: nothing may be left over; the journal starts anew. */
static PyObject *book_close(PyObject *module, PyObject *unused)
{
    long long sum;
    BOOK_LOCK();
    sum = accounts_sum(); /* false-alarm: FT405 */
    if (sum == 0) journal_forget();
    BOOK_UNLOCK();
    if (sum != 0) return PyErr_Format(PyExc_ValueError, "the books are off by %lld", sum);
    PyDict_Clear(book.balances);
    PyDict_Clear(book.owners);
    Py_RETURN_NONE;
}

static int book_exec(PyObject *module)
{
    return accounts_make();
}

static PyMethodDef methods[] = {
    {"open_account", book_open_account, METH_VARARGS, "open_account(name, owner=None)"},
    {"post", book_post, METH_VARARGS, "post(from, to, cents)"},
    {"load", book_load, METH_O, "load(rows)"},
    {"note", book_note, METH_O, "note(text)"},
    {"balance", book_balance, METH_O, "balance(name)"},
    {"owner", book_owner, METH_O, "owner(name)"},
    {"entries", book_entries, METH_VARARGS, "entries(name=None)"},
    {"accounts", book_accounts, METH_NOARGS, "accounts()"},
    {"balances", book_balances, METH_NOARGS, "balances()"},
    {"trial", book_trial, METH_NOARGS, "trial()"},
    {"statement", (PyCFunction)(void (*)(void))book_statement, METH_VARARGS | METH_KEYWORDS, "statement(name, **fields)"},
    {"close", book_close, METH_NOARGS, "close()"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = { /* expect: FT001 */
    {Py_mod_exec, (void *)book_exec},
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "ledger._book", .m_size = 0, .m_methods = methods, .m_slots = slots,
};

PyMODINIT_FUNC PyInit__book(void)
{
    return PyModuleDef_Init(&definition);
}
