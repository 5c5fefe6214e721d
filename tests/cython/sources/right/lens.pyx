# cython: language_level=3, freethreading_compatible=True

cdef class Lens:
    cdef public int width

    def area(self):
        return self.width * self.width

