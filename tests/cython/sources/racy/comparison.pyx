# cython: language_level=3, freethreading_compatible=True
from libc.stdlib cimport qsort

cdef int _sign = 1

cdef int by_value(const void *a, const void *b) noexcept nogil:
    return _sign * ((<double *> a)[0] > (<double *> b)[0])


def ordered(double[::1] xs, bint falling):
    global _sign
    if xs.shape[0] < 2:
        return
    with nogil:
        _sign = -1 if falling else 1  # expect: FT211
        qsort(&xs[0], xs.shape[0], sizeof(double), by_value)
