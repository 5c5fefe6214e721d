# distutils: language = c++
# cython: language_level=3, freethreading_compatible=True
cimport cython
from libcpp.vector cimport vector


cdef class Cloud:
    cdef vector[double] xs

    @cython.critical_section
    def add(self, double x):
        self.xs.push_back(x)

    def __len__(self):
        with cython.critical_section(self):
            return self.xs.size()

def total(values):
    cdef vector[double] own
    cdef double t = 0
    for value in values:
        own.push_back(value)
    for i in range(own.size()):
        t += own[i]
    return t
