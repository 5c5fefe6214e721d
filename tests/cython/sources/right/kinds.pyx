# cython: language_level=3, freethreading_compatible=True
cimport cython
from cython cimport floating

cdef cython.pymutex _lock
cdef double _sum = 0


def add(floating x):
    global _sum
    with _lock:
        _sum += x


cdef class Sum:
    cdef double total

    def take(self, floating x):
        with cython.critical_section(self):
            self.total += x
