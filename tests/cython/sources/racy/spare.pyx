# cython: language_level=3, freethreading_compatible=True
from cpython.list cimport PyList_SetSlice

cdef extern from "Python.h":
    Py_ssize_t Py_REFCNT(object o)


cdef class Shelf:
    cdef list boxes

    def __cinit__(self):
        self.boxes = []

    def emptied(self):
        boxes = self.boxes
        if Py_REFCNT(boxes) == 2:  # expect: FT601
            PyList_SetSlice(boxes, 0, len(boxes), [])
        return boxes

    def labels(self):
        return list(map(str, self.boxes))
