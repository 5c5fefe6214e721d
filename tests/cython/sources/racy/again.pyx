# cython: language_level=3, freethreading_compatible=True
from libc.stdlib cimport malloc, free


cdef class Deck:
    cdef short *cards
    cdef object dealer

    def __init__(self, dealer, int n):
        free(self.cards)
        self.cards = <short *> malloc(n * sizeof(short))  # expect: FT309
        self.dealer = dealer  # expect-also: FT309 FT302

    def __dealloc__(self):
        free(self.cards)

    def top(self):
        return self.cards[0], self.dealer  # expect-also: FT102 FT315 FT301
