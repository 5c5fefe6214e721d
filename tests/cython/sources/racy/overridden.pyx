# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Shape:
    cdef long points

    cdef int add(self, long n) except -1:
        self.points += n  # expect: FT301 FT303
        return 0

    @cython.critical_section
    def extend(self, long n):
        self.add(n)
        return self.points

    def hurry(self, long n):
        self.add(n)


cdef class Grid(Shape):
    cdef long rows

    cdef int add(self, long n) except -1:
        self.points += 2 * n  # expect: FT301 FT303
        return 0
