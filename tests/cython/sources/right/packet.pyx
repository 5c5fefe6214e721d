# cython: language_level=3, freethreading_compatible=True

# Numbers that __init__ puts there, and nobody after it but who assigns the attribute.
cdef class Packet:
    cdef public long long charset, length

    def __init__(self, charset, length):
        self.charset = charset
        self.length = length

    def width(self):
        return self.length
