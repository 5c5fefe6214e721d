# distutils: language = c++
# cython: language_level=3, freethreading_compatible=True
"""A class looked up once for all threads, by what C++ has for that; a generator that is made behind that reads it."""


cdef extern from "<mutex>" namespace "std" nogil:
    cppclass once_flag:
        pass
    void call_once(once_flag &, void ())


cdef object fraction
cdef once_flag looked_up


cdef void look_up() noexcept with gil:
    global fraction
    from fractions import Fraction
    fraction = Fraction


cdef class Parts:
    cdef readonly bint exact

    def __cinit__(self, *args):
        self.exact = self.check(args)

    cdef bint check(self, tuple args):
        with nogil:
            call_once(looked_up, look_up)
        return any(isinstance(arg, fraction) for arg in args)
