# cython: language_level=3, freethreading_compatible=True
"""What only looks like a lock of the threading module, or is not held where it matters."""
cimport cython
import threading
from threading import Lock


cdef class Till:
    cdef object _lock
    cdef long sum

    def __cinit__(self):
        self._lock = threading.Lock()

    def pay(self, long amount):
        with self._lock:
            self.sum += amount

    def owed(self, long amount):
        self._lock.acquire()
        self._lock.release()
        self.sum -= amount  # expect: FT301 FT303

    def total(self):
        with self._lock:
            return self.sum


cdef class Given:
    cdef object _lock
    cdef long sum

    def __cinit__(self, lock):
        self._lock = lock

    def pay(self, long amount):
        with self._lock:
            self.sum += amount  # expect: FT301

    def total(self):
        with self._lock:
            return self.sum


cdef class Opened:
    cdef object _lock
    cdef long sum

    def __cinit__(self, path):
        self._lock = open(path)

    def pay(self, long amount):
        with self._lock:
            self.sum += amount  # expect: FT301


cdef class Leaving:
    cdef object _lock
    cdef long sum

    def __cinit__(self):
        self._lock = Lock()

    def pay(self, amount):
        self._lock.acquire()  # expect: FT407
        self.sum += int(amount)
        self._lock.release()


cdef class Again:
    cdef object _lock
    cdef long sum

    def __cinit__(self):
        self._lock = Lock()

    cdef long step(self):
        with self._lock:  # expect-also: FT407
            self.sum += 1
            return self.sum

    def twice(self):
        with self._lock:
            return self.step()  # expect: FT407


_guard = Lock()
cdef long _hits = 0


def hit():
    global _hits
    _hits += 1  # expect: FT303


def hits():
    with _guard:
        return _hits
