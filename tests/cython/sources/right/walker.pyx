# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef struct Spot:
    double x
    double y

ctypedef struct Way:
    Spot start
    Spot stop


cdef class Walker:
    cdef Way way
    cdef int steps[8]

    @cython.critical_section
    def go(self, double x, double y):
        self.way.start = self.way.stop
        self.way.stop.x = x
        self.way.stop.y = y
        self.steps[<int> x & 7] += 1

    def where(self):
        cdef Spot at
        with cython.critical_section(self):
            at = self.way.stop
        return at.x, at.y, at
