# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef struct Load:
    int cars
    int bikes


cdef class Ferry:
    cdef long crossings
    cdef Load load
    cdef list log

    def __cinit__(self):
        self.log = []

    @cython.critical_section
    def cross(self):
        self.crossings += 1

    @cython.critical_section
    def board(self, int cars, int bikes):
        self.load.cars = cars
        self.load.bikes = bikes

    @cython.critical_section
    def loaded(self):
        cdef Load now = self.load
        return now.cars, now.bikes

    @cython.critical_section
    def turn_page(self):
        page = self.log
        self.log = []
        return page

    @cython.critical_section
    def note(self, line):
        self.log.append(line)


def undo(Ferry ferry not None):
    with cython.critical_section(ferry):
        ferry.crossings -= 1


cdef Ferry morning = Ferry()


def first_crossing():
    with cython.critical_section(morning):
        morning.crossings += 1
