# cython: language_level=3, freethreading_compatible=True
cdef class Label:
    cdef public object text  # expect-before-3.3: FT302
    cdef public int size
