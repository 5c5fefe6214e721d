# cython: language_level=3, freethreading_compatible=True
cdef class Desk:
    cdef object sheet
    cdef dict drawers

    def __cinit__(self):
        self.drawers = {}

    def lay(self, sheet):
        before = self.sheet
        self.sheet = sheet  # expect: FT302
        return before

    def empty(self):
        self.drawers = {}  # expect: FT302

    @property
    def top(self):
        return self.sheet  # expect: FT102

    @top.setter
    def top(self, sheet):
        self.sheet = sheet  # expect: FT302
