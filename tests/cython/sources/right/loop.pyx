# cython: language_level=3, freethreading_compatible=True
cimport cython
from cython.parallel cimport prange


@cython.boundscheck(False)
@cython.wraparound(False)
def energy(const double[::1] v):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in prange(v.shape[0], nogil=True):
        total += v[i] * v[i]
    return total

@cython.boundscheck(False)
@cython.wraparound(False)
def doubled(double[::1] v, double[::1] into):
    cdef Py_ssize_t i
    with nogil:
        for i in prange(v.shape[0]):
            into[i] = 2 * v[i]

def corner(double[:, :] m):
    cdef double[:] row = m[0]
    return row[0], m.base, m.shape[1]
