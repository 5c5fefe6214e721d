# cython: language_level=3, freethreading_compatible=True
"""Locks of the threading module keep others out, as they do in Python."""
cimport cython
import threading
from cython.parallel cimport prange
from threading import RLock


cdef class Till:
    cdef readonly object _lock
    cdef dict names
    cdef list coins
    cdef long sum

    def __cinit__(self):
        self._lock = threading.Lock()
        self.names = {}
        self.coins = []

    def pay(self, name, long amount):
        with self._lock:
            self.sum += amount
            if name not in self.names:
                self.names[name] = len(self.names)
            return self.names[name]

    def empty(self):
        lock = self._lock
        with lock:
            old = self.coins
            self.coins = []
            if self.sum < 0:
                raise ValueError(self.sum)
            self.sum = 0
        return old

    def try_pay(self, amount):
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self.sum += int(amount)
        finally:
            self._lock.release()
        return True

    def owed(self, amount):
        self._lock.acquire()
        try:
            self.sum -= int(amount)
        finally:
            self._lock.release()

    def total(self):
        with self._lock:
            return self.sum


cdef class Nested:
    cdef object _lock
    cdef long n

    def __cinit__(self):
        self._lock = RLock()

    cdef long step(self):
        with self._lock:
            self.n += 1
            return self.n

    def twice(self):
        with self._lock:
            self.step()
            return self.step()


_guard = threading.Lock()
cdef object _other = threading.Lock()
cdef long _hits = 0
cdef object _last = None


def hit(key):
    global _hits, _last
    with _guard:
        _hits += 1
    with _other:
        _last = key


def hits():
    with _guard:
        return _hits


def last():
    with _other:
        return _last


cdef class Loop:
    cdef cython.pymutex lock
    cdef long n

    def many(self, int k):
        cdef int i
        for i in prange(k, nogil=True):
            with self.lock:
                self.n += 1

    def within(self):
        with nogil:
            with gil:
                with cython.critical_section(self):
                    pass
        with self.lock:
            return self.n


_seen = []


def seen_twice(key):
    with _guard:
        _seen.append(key)
    with _guard:
        return len(_seen)
