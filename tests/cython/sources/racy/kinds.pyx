# cython: language_level=3, freethreading_compatible=True
from cython cimport floating

cdef double _sum = 0


def add(floating x):
    global _sum
    _sum += x  # expect: FT201


cdef class Sum:
    cdef double total

    def take(self, floating x):
        self.total += x  # expect: FT301
