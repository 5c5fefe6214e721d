# cython: language_level=3, freethreading_compatible=True
include "split_more.pxi"

cdef class Reel:
    cdef long turns

    def turn(self):
        self.turns += 1  # expect: FT301
        return halves(self.turns)
