# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef cython.pymutex _lock
cdef long _alive = 0


@cython.final
@cython.freelist(16)
cdef class Token:
    cdef object __weakref__
    cdef readonly str kind

    def __cinit__(self, str kind):
        global _alive
        self.kind = kind
        with _lock:
            _alive += 1

    def __dealloc__(self):
        global _alive
        with _lock:
            _alive -= 1


def alive():
    cdef long now
    with _lock:
        now = _alive
    return now
