/* The journal: every movement in the order it was made. Everything here is called with book.lock held. */
#include "book.h"

#include <string.h>

static int reserve(size_t wanted)
{
    size_t capacity = book.capacity ? book.capacity : LEDGER_FIRST_CAPACITY;
    Entry *entries;
    while (capacity < wanted) capacity *= 2;
    if (capacity == book.capacity) return 0;
    entries = PyMem_RawRealloc(book.entries, capacity * sizeof(Entry));
    if (entries == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    book.entries = entries; /* expect: FT303 */
    book.capacity = capacity; /* side: FT303 */
    return 0;
}

int journal_append(const char *from, const char *to, long long cents)
{
    Entry *entry;
    if (strlen(from) >= sizeof entry->from || strlen(to) >= sizeof entry->to) {
        PyErr_SetString(PyExc_ValueError, "the name of the account is too long");
        return -1;
    }
    if (reserve(book.size + 1) < 0) return -1;
    entry = &book.entries[book.size++];
    strcpy(entry->from, from);
    strcpy(entry->to, to);
    entry->cents = cents;
    entry->number = ++book.next_number;
    return 0;
}

PyObject *journal_entries(const char *account)
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < book.size; i++) {
        const Entry *entry = &book.entries[i];
        PyObject *item;
        if (account != NULL && strcmp(account, entry->from) != 0 && strcmp(account, entry->to) != 0) continue;
        item = Py_BuildValue("kssL", entry->number, entry->from, entry->to, entry->cents);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return list;
}

void journal_forget(void)
{
    PyMem_RawFree(book.entries);
    book.entries = NULL;
    book.size = book.capacity = 0;
}
