// Critical sections, mutexes and detached stretches keep their ends apart, early exits included.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex lock; long count; } Counter;
#define LOCKED(self) PyMutex_Lock(&(self)->lock)

long bump(Counter *self)
{
    long seen;
    Py_BEGIN_CRITICAL_SECTION(self);
    seen = ++self->count;
    Py_END_CRITICAL_SECTION();
    return seen;
}
long under_mutex(Counter *self)
{
    LOCKED(self);
    if (self->count < 0) {
        PyMutex_Unlock(&self->lock);
        return -1;
    }
    self->count += 2;
    PyMutex_Unlock(&self->lock);
    return self->count;
}
void detached(Counter *self, int *out)
{
    Py_BEGIN_ALLOW_THREADS
    *out = 1;
    Py_END_ALLOW_THREADS
}
