# cython: language_level=3, freethreading_compatible=True
cdef struct Spot:
    double x
    double y

ctypedef struct Way:
    Spot start
    Spot stop


cdef class Walker:
    cdef Way way
    cdef int steps[8]

    def go(self, double x, double y):
        self.way.start = self.way.stop  # expect: FT301
        self.way.stop.x = x  # expect: FT301
        self.way.stop.y = y  # expect-also: FT301
        self.steps[<int> x & 7] += 1  # expect: FT301

    def where(self):
        cdef Spot at = self.way.stop
        return at.x, at.y, at
