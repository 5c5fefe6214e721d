# distutils: language = c++
# cython: language_level=3, freethreading_compatible=True
from libcpp.vector cimport vector


cdef class Cloud:
    cdef vector[double] xs
    cdef long changes

    def add(self, double x):
        self.xs.push_back(x)  # expect: FT805
        self.changes += 1  # expect: FT301

    def __len__(self):
        return self.xs.size()
