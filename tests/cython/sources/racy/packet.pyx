# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef class Packet:
    cdef public long long length  # expect-also: FT303

    @cython.critical_section
    def grow(self, long long n):
        self.length += n

    def width(self):
        return self.length  # expect: FT303
