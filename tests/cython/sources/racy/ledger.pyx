# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Account:
    cdef long balance

    @cython.critical_section
    def deposit(self, long sum):
        self.balance += sum

    @cython.critical_section
    def richer(self, Account other):
        return self.balance > other.balance  # expect: FT316
