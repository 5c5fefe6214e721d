# cython: language_level=3, freethreading_compatible=True
from libc.stdlib cimport free, malloc
from libc.string cimport memset


cdef class Tape:
    cdef char *reel
    cdef Py_ssize_t length

    def __cinit__(self, Py_ssize_t length):
        self.reel = <char *> malloc(length)
        self.length = length

    def __dealloc__(self):
        free(self.reel)

    def wipe(self):
        with nogil:
            memset(self.reel, 0, self.length)  # expect: FT315

    def cut(self, Py_ssize_t length):
        free(self.reel)  # expect-also: FT301 FT302
        self.reel = <char *> malloc(length)  # expect: FT301
        self.length = length  # expect-also: FT301
