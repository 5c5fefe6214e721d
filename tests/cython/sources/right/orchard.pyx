# cython: language_level=3, freethreading_compatible=True
"""Trees in rows, and what they bear."""
cimport cython
from cython.parallel cimport prange

cdef cython.pymutex _book
cdef unsigned long harvests = 0
cdef dict _months = {"apple": 9, "pear": 8, "quince": 10}


def month(str fruit):
    return _months[fruit]

def note_harvest():
    global harvests
    cdef unsigned long now
    with _book:
        harvests += 1
        now = harvests
    return now


cdef class Row:
    """Trees of one kind, planted and felled by anybody."""
    cdef long trees
    cdef double yield_per_tree
    cdef object gardener
    cdef readonly str fruit

    def __cinit__(self, str fruit="apple", double yield_per_tree=12):
        self.fruit = fruit
        self.yield_per_tree = yield_per_tree

    cdef int change(self, long by) except? -1:
        if self.trees + by < 0:
            raise ValueError("there are not so many trees")
        self.trees += by
        return 0

    @cython.critical_section
    def plant(self, long n):
        self.change(n)
        return self.trees

    @cython.critical_section
    def fell(self, long n):
        self.change(-n)
        return self.trees

    def __len__(self):
        with cython.critical_section(self):
            return self.trees

    @property
    def keeper(self):
        with cython.critical_section(self):
            return self.gardener

    @keeper.setter
    def keeper(self, gardener):
        with cython.critical_section(self):
            self.gardener = gardener

    def move(self, Row other, long n):
        with cython.critical_section(self, other):
            self.trees -= n
            other.trees += n


cdef class Orchard(Row):
    """Rows that are counted double."""
    cdef int change(self, long by) except? -1:
        self.trees += 2 * by
        return 0


def rounds(row, int years):
    cdef int year
    for year in range(years):
        yield year, len(row)

@cython.boundscheck(False)
@cython.wraparound(False)
def total(const double[::1] baskets):
    cdef double weight = 0
    cdef Py_ssize_t i
    with nogil:
        for i in prange(baskets.shape[0]):
            weight += baskets[i]
    return weight
