# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef cython.pymutex _lock
cdef unsigned long served = 0
cdef dict _index = {n: n * 12 for n in range(12)}
cdef str greeting = "hello"


def serve(name):
    global served
    with _lock:
        served = served + 1
    return greeting + name

def index():
    return _index

def count():
    cdef unsigned long now
    with _lock:
        now = served
    return now
