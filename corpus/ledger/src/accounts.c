/* Accounts: who they belong to and what is on them. Everything here is called with book.lock held. */
#include "book.h"

int accounts_make(void)
{
    book.balances = PyDict_New();
    book.owners = PyDict_New();
    return book.balances && book.owners ? 0 : -1;
}

int accounts_open(PyObject *name, PyObject *owner)
{
    PyObject *nothing;
    int known = PyDict_Contains(book.balances, name);
    if (known < 0) return -1;
    if (known) {
        PyErr_Format(PyExc_ValueError, "account %R is open already", name);
        return -1;
    }
    nothing = PyLong_FromLong(0);
    if (nothing == NULL) return -1;
    if (PyDict_SetItem(book.balances, name, nothing) < 0 || PyDict_SetItem(book.owners, name, owner) < 0) {
        Py_DECREF(nothing);
        return -1;
    }
    Py_DECREF(nothing);
    return 0;
}

int accounts_read(PyObject *name, long long *cents)
{
    /* post() holds the lock, balance() does not. */
    PyObject *found = PyDict_GetItemWithError(book.balances, name); /* expect: FT101 */
    if (found == NULL) return PyErr_Occurred() ? -1 : 0;
    *cents = PyLong_AsLongLong(found);
    return 1;
}

static int set_balance(PyObject *name, long long cents)
{
    PyObject *value = PyLong_FromLongLong(cents);
    int failed;
    if (value == NULL) return -1;
    failed = PyDict_SetItem(book.balances, name, value);
    Py_DECREF(value);
    return failed;
}

int accounts_move(PyObject *from, PyObject *to, long long cents)
{
    long long left, right;
    int has_left = accounts_read(from, &left), has_right = has_left < 0 ? -1 : accounts_read(to, &right);
    if (has_left < 0 || has_right < 0) return -1;
    if (!has_left || !has_right) {
        PyErr_Format(PyExc_KeyError, "%U", has_left ? to : from);
        return -1;
    }
    if (from == to) return 0;
    return set_balance(from, left - cents) < 0 ? -1 : set_balance(to, right + cents);
}

PyObject *accounts_owner(PyObject *name)
{
    /* Both callers hold the lock. */
    PyObject *owner = PyDict_GetItemWithError(book.owners, name);
    return Py_XNewRef(owner);
}

void accounts_each(account_visitor visit, void *data)
{
    /* balances() holds the lock, accounts() does not. */
    PyObject *name, *cents;
    Py_ssize_t pos = 0;
    while (PyDict_Next(book.balances, &pos, &name, &cents)) visit(name, cents, data); /* expect: FT104 */
}

long long accounts_sum(void)
{
    /* Both callers hold the lock. */
    PyObject *name, *cents;
    Py_ssize_t pos = 0;
    long long sum = 0;
    while (PyDict_Next(book.balances, &pos, &name, &cents)) sum += PyLong_AsLongLong(cents);
    return sum;
}
