# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Odometer:
    cdef double driven
    cdef readonly double per_tick

    def __cinit__(self, double per_tick=0.5):
        self.per_tick = per_tick

    @cython.critical_section
    def tick(self, long times):
        self.driven += times * self.per_tick

    def __float__(self):
        with cython.critical_section(self):
            return self.driven

    @property
    def doubled(self):
        with cython.critical_section(self):
            return self.driven * 2
