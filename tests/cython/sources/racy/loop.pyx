# cython: language_level=3, freethreading_compatible=True
from cython.parallel cimport prange

cdef long misses


cdef class Peak:
    cdef double highest
    cdef double climb(self, const double* v, Py_ssize_t n) noexcept nogil:
        cdef Py_ssize_t i
        for i in prange(n):
            if v[i] > self.highest:
                self.highest = v[i]  # expect: FT301
        return self.highest


def run(bytes data):
    cdef Peak peak = Peak()
    return peak.climb(<const double*><const char*> data, len(data) // 8)
