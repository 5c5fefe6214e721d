// Fields of structs without names; arrays in an object and arrays elsewhere.
#include <Python.h>
#include <string.h>
typedef struct {
  PyObject_HEAD
  char buf[64];
  char *text;
  struct { int a; struct { int b; } deep; } in;
  union { long number; void *pointer; };
  struct named { int x; } own;
  struct { int each; } many[4];
} Obj;
static struct { int hits; int table[8]; } state;
struct pair { int a, b; };
void fill(Obj *self, int i, char x)
{
    self->buf[i] = x;
    self->text[i] = x;
    *self->text = x;
    *self->buf = x;
    self->in.a = 1;
    self->in.deep.b = 2;
    self->number = 3;
    self->own.x = 4;
    self->many[i].each = 5;
    state.hits++;
    state.table[i] = 6;
}
void whole(Obj *self, struct pair *p, const struct pair *q)
{
    memset(&self->in, 0, sizeof self->in);
    memcpy(self->buf, self->text, sizeof self->buf);
    memmove(self->text, self->buf, 8);
    *p = *q;
    state.table[0] = p->a, p->b = q->b;
    char (*whole)[64] = &self->buf;
    (*whole)[2] = 1;
}
