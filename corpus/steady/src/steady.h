/* What the files of steady share. A function with "locked" in its name expects its caller to hold the lock of the object
   it is given; all others take what they need. */
#ifndef STEADY_H
#define STEADY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdatomic.h>

typedef struct {
    PyTypeObject *counter_type, *series_type, *registry_type;
    PyObject *default_unit;
    atomic_long memory; /* how many values a series keeps */
} State;

extern struct PyModuleDef steady_definition;
extern double steady_ticks_per_second; /* written when the module is initialised, read ever after */

/* Around what is Python's: OBJECT's own lock, to the matching END_WITH. */
#define WITH(object) Py_BEGIN_CRITICAL_SECTION(object)
#define END_WITH() Py_END_CRITICAL_SECTION()

typedef struct {
    PyObject_HEAD
    PyObject *label; /* given when it is made, and never changed */
    PyObject *unit;  /* under the object's critical section */
    PyMutex mutex;   /* guards all that follows */
    double *values;
    Py_ssize_t size, capacity, next;
    double sum;
} Series;

extern PyType_Spec series_spec, counter_spec, registry_spec;

PyObject *series_make(State *state, PyObject *label);
int series_push(Series *self, double value, long memory);
int series_push_locked(Series *self, double value, long memory);
double series_sum(Series *self);
void series_lock(Series *self);
void series_unlock(Series *self);

State *state_of(PyObject *object);

#endif
