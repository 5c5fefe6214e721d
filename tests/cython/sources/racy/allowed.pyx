# cython: language_level=3, freethreading_compatible=True
cdef class Gauge:
    cdef object unit

    # ftaudit: allow FT302, FT102 -- set before threads start
    def measure_in(self, unit):
        self.unit = unit

    def shown(self, double level):
        return f"{level} {self.unit}"  # ftaudit: allow FT302 -- as above


cdef class Clock:
    cdef object zone

    def move(self, zone):
        self.zone = zone  # expect: FT302

    def where(self):
        return self.zone  # expect: FT102
