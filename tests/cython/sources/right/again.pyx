# cython: language_level=3, freethreading_compatible=True
from libc.stdlib cimport malloc, free


cdef class Deck:
    cdef short *cards
    cdef object dealer

    def __cinit__(self, dealer, int n):
        self.cards = <short *> malloc(n * sizeof(short))
        self.dealer = dealer

    def __dealloc__(self):
        free(self.cards)

    def top(self):
        return self.cards[0], self.dealer
