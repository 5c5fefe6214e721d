# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Queue:
    cdef list waiting

    def __cinit__(self):
        self.waiting = []

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def peek(self, Py_ssize_t i):
        return self.waiting[i]  # expect: FT107

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def ask(self, Py_ssize_t i):
        with cython.critical_section(self.waiting):
            i %= len(self.waiting)
        return self.waiting[i]  # expect: FT107

    def join(self, who):
        self.waiting.append(who)

    def everybody(self):
        return [who for who in self.waiting]
