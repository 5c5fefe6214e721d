# cython: language_level=3, freethreading_compatible=True, emit_code_comments=False
# The C that the build makes does not tell its lines; what stands on them is told all the same.


cdef class Shelf:
    cdef object book

    def put(self, book):
        self.book = book  # expect: FT302

    def get(self):
        return self.book
