# cython: language_level=3, freethreading_compatible=True, emit_code_comments=False
# As its racy twin, with the section of the object around each use.
cimport cython


cdef class Shelf:
    cdef object book

    @cython.critical_section
    def put(self, book):
        self.book = book

    @cython.critical_section
    def get(self):
        return self.book
