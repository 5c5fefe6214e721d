# cython: language_level=3, freethreading_compatible=True
"""Grain in bins: what goes in, what goes out, who was there."""
from libc.stdlib cimport calloc, free, malloc

cdef dict _prices = None
cdef unsigned long weighings = 0


def price(str grain):
    global _prices
    if _prices is None:
        _prices = {"rye": 3, "oats": 2, "wheat": 5}  # expect: FT205 FT203
    return _prices[grain]


cdef class Bin:
    """A bin of grain, weighed sack by sack."""
    cdef double *sacks
    cdef Py_ssize_t count
    cdef Py_ssize_t room
    cdef object keeper
    cdef double[:] loan
    cdef readonly str grain

    def __cinit__(self, str grain="rye", Py_ssize_t room=16):
        self.sacks = <double *> calloc(room, sizeof(double))
        if self.sacks == NULL:
            raise MemoryError()
        self.room = room
        self.grain = grain

    def __dealloc__(self):
        free(self.sacks)

    def add(self, double weight):
        global weighings
        weighings += 1  # expect: FT201
        if self.count == self.room:
            self.grow()
        self.sacks[self.count] = weight
        self.count += 1

    cdef int grow(self) except -1:
        cdef Py_ssize_t i
        cdef double *more = <double *> malloc(2 * self.room * sizeof(double))
        if more == NULL:
            raise MemoryError()
        for i in range(self.count):
            more[i] = self.sacks[i]
        free(self.sacks)
        self.sacks = more  # expect: FT301
        self.room *= 2
        return 0

    def weight(self):
        cdef double total = 0
        cdef Py_ssize_t i
        with nogil:
            for i in range(self.count):
                total += self.sacks[i]
        return total

    def take(self):
        """Sack after sack, the last one first."""
        while self.count > 0:
            self.count -= 1
            yield self.sacks[self.count]

    def hand_over(self, keeper):
        before, self.keeper = self.keeper, keeper  # expect: FT302
        return before

    def borrow(self, double[:] scale):
        self.loan = scale

    def repay(self):
        if self.loan is None:
            return 0.0
        return self.loan[0]


def weighed():
    return weighings
