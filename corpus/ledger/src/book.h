/* The state that accounts.c, journal.c and book.c share. `book.lock` guards all of it: functions whose comment says
   "locked" expect their caller to hold it, those that say so of nothing take it themselves. */
#ifndef LEDGER_BOOK_H
#define LEDGER_BOOK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifndef LEDGER_FIRST_CAPACITY
#define LEDGER_FIRST_CAPACITY 8
#endif

typedef struct {
    char from[32], to[32];
    long long cents;
    unsigned long number;
} Entry;

typedef struct {
    PyMutex lock;
    PyObject *balances; /* account name -> int, in cents */
    PyObject *owners;   /* account name -> object */
    Entry *entries;
    size_t size, capacity;
    unsigned long next_number;
} Book;

extern Book book;

#define BOOK_LOCK() PyMutex_Lock(&book.lock)
#define BOOK_UNLOCK() PyMutex_Unlock(&book.lock)

/* accounts.c */
int accounts_make(void);
int accounts_open(PyObject *name, PyObject *owner);                      /* locked */
int accounts_read(PyObject *name, long long *cents);                     /* locked; 0 where there is no such account */
int accounts_move(PyObject *from, PyObject *to, long long cents);        /* locked */
PyObject *accounts_owner(PyObject *name);                                /* locked; a new reference */
typedef void (*account_visitor)(PyObject *name, PyObject *cents, void *data);
void accounts_each(account_visitor visit, void *data);                   /* locked */
long long accounts_sum(void);                                            /* locked */

/* journal.c */
int journal_append(const char *from, const char *to, long long cents);   /* locked */
PyObject *journal_entries(const char *account);                          /* locked */
void journal_forget(void);                                               /* locked */

#endif
