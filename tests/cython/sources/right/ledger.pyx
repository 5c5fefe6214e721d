# cython: language_level=3, freethreading_compatible=True
cimport cython


cdef class Account:
    cdef long balance

    @cython.critical_section
    def deposit(self, long sum):
        self.balance += sum

    def richer(self, Account other):
        with cython.critical_section(self, other):
            return self.balance > other.balance
