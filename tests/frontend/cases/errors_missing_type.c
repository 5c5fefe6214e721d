// The header that declares store_t, cursor_t and key_id is not there: what is declared with them is kept, and so is
// what is done with it. What only looks like a type is none.
#include <Python.h>
#include "store_that_is_not_there.h"

typedef struct {
  PyObject_HEAD
  store_t *store;
  const cursor_t *const cursor;
  key_id last;
} Store;

int visit(store_t *store, key_id from);
EXPORTED int counted(void);

PyObject *next_key(Store *self, PyObject *unused) {
  cursor_t *at = NULL;
  key_id key = 0;
  const other_t *seen = (const other_t *)self->cursor;
  int sum = factor * key;
  if (open_cursor(self->store, &at) < 0) return NULL;
  self->last = visit(self->store, self->last);
  use(seen, sum);
  return PyLong_FromLong(self->last);
}
