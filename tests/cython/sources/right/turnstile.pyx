# cython: language_level=3, freethreading_compatible=True
import threading


cdef class Turnstile:
    cdef object lock
    cdef object last

    def __cinit__(self):
        self.lock = threading.Lock()

    def each(self, names):
        for name in names:
            with self.lock:
                if name == "stop":
                    break
                if not name:
                    continue
                self.last = name

    def leave(self):
        with self.lock:
            if self.last is None:
                return None
            return self.last
