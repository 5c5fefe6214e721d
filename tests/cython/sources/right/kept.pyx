# cython: language_level=3, freethreading_compatible=True
cdef class Stamp:
    cdef object by
    cdef long at
    cdef readonly str place

    def __cinit__(self, by=None, long at=0, str place=""):
        self.by = by
        self.at = at
        self.place = place

    cpdef long age(self, long now):
        return now - self.at

    def who(self):
        return self.by


cdef class LateStamp(Stamp):
    cpdef long age(self, long now):
        return 0


cdef class Drawer:
    cdef dict stamps

    def __cinit__(self, stamps):
        self.stamps = dict(stamps)

    def places(self):
        return list(self.stamps.keys())

    def in_order(self, by):
        return sorted(by(stamp) for stamp in self.stamps.values())
