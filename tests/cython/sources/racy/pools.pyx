# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef cython.pymutex _lock
cdef long _alive = 0
cdef list _kinds = []


@cython.final
@cython.freelist(16)
cdef class Token:
    cdef readonly str kind

    def __cinit__(self, str kind):
        global _alive
        self.kind = kind
        with _lock:
            _alive += 1
            _kinds.append(kind)  # expect-also: FT405

    def __dealloc__(self):
        global _alive
        with _lock:  # expect-also: FT411
            _alive -= 1


def forget(x):
    with _lock:
        return x.kind  # expect: FT405


def alive():
    return _alive  # expect: FT303
