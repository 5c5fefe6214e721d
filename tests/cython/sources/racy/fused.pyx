# cython: language_level=3, freethreading_compatible=True
cimport cython

ctypedef fused number:
    long
    double

cdef double last = 0


def remember(number x):
    global last
    last += x  # expect: FT201
    return last
