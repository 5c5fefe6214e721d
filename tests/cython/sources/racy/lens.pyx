# cython: language_level=3, freethreading_compatible=True
cdef class Lens:
    cdef public int used  # expect-also: FT301

    def use(self):
        self.used += 1  # expect: FT301 FT303
        return self.used
