# cython: language_level=3, freethreading_compatible=True
cdef class Odometer:
    """Distance driven, and what one tick of the wheel is worth."""
    cdef double driven
    cdef readonly double per_tick
    cdef long trips

    def __cinit__(self, double per_tick=0.5):
        self.per_tick = per_tick

    def tick(self, long times):
        self.driven += times * self.per_tick  # expect: FT301

    def trip(self):
        self.trips += 1  # expect-also: FT301

    def __float__(self):
        return self.driven

    def stats(self):
        return self.trips, self.per_tick
