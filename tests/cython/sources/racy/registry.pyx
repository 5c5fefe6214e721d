# cython: language_level=3, freethreading_compatible=True
cdef object _index = None
cdef unsigned long served = 0
cdef str greeting = "hello"
cdef int limit = 12


def serve(name):
    global served
    served = served + 1  # expect: FT201
    return greeting + name

def index():
    global _index
    if _index is None:
        _index = {n: n * limit for n in range(limit)}  # expect: FT203 FT205
    return _index

def count():
    return served
