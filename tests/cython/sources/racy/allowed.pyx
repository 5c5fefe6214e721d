# cython: language_level=3, freethreading_compatible=True
cdef class Gauge:
    cdef double level
    cdef long reads

    # ftaudit: allow FT301 -- one thread writes, and a torn double cannot happen here
    def set(self, double level):
        self.level = level

    def get(self):
        self.reads += 1  # expect: FT301
        return self.level
