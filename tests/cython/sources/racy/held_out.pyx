# cython: language_level=3, freethreading_compatible=True
from libc.stdlib cimport calloc, free
from cpython.buffer cimport PyBuffer_FillInfo


cdef class Slab:
    cdef unsigned char *bytes_
    cdef Py_ssize_t room
    cdef Py_ssize_t lent

    def __cinit__(self, Py_ssize_t room):
        self.bytes_ = <unsigned char *> calloc(room, 1)
        self.room = room

    def __dealloc__(self):
        free(self.bytes_)

    def __getbuffer__(self, Py_buffer *into, int flags):
        PyBuffer_FillInfo(into, self, self.bytes_, self.room, 0, flags)
        self.lent += 1  # expect: FT310

    def __releasebuffer__(self, Py_buffer *into):
        self.lent -= 1
