# cython: language_level=3, freethreading_compatible=True
"""A mutex of the module; pools.pyx has one of the same name, and a finalizer that takes it."""
cimport cython

cdef cython.pymutex _lock
cdef object _ringer = None
cdef long _rung = 0


def set_ringer(ringer):
    global _ringer
    _lock.acquire()
    before = _ringer
    # Nothing ends here, `before` has it still: that is not seen.
    _ringer = ringer  # expect-also: FT405
    _lock.release()
    return before


def ring(times):
    global _rung
    cdef long more = int(times)
    with _lock:
        ringer = _ringer
        _rung += more
    return None if ringer is None else ringer(more)
