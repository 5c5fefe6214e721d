# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Desk:
    cdef object sheet
    cdef dict drawers

    def __cinit__(self):
        self.drawers = {}

    @cython.critical_section
    def lay(self, sheet):
        before = self.sheet
        self.sheet = sheet
        return before

    @property
    def top(self):
        with cython.critical_section(self):
            return self.sheet

    @top.setter
    def top(self, sheet):
        with cython.critical_section(self):
            self.sheet = sheet

    def keys(self):
        return list(self.drawers)
