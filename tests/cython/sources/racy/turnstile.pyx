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
            self.last = name  # expect: FT303 FT302

    def leave(self):
        with self.lock:
            return self.last
