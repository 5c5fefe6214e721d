# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Ferry:
    cdef long crossings
    cdef list log

    def __cinit__(self):
        self.log = []

    @cython.critical_section
    def cross(self):
        self.crossings += 1

    @cython.critical_section
    def turn_page(self):
        page = self.log
        self.log = []
        return page

    def note(self, line):
        self.log.append(line)  # expect: FT303


def undo(Ferry ferry not None):
    ferry.crossings -= 1  # expect: FT303 FT301
