// A record that begins with another is both: the lock and the field are the same by a cast and by the member's name.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate; long count; } Shape;
typedef struct { Shape shape; long sides; } Polygon;

static void shape_enter(Shape *shape) { PyMutex_Lock(&shape->gate); }
static void shape_leave(Shape *shape) { PyMutex_Unlock(&shape->gate); }

static PyObject *polygon_grow(Polygon *self, PyObject *unused)
{
    PyMutex_Lock(&((Shape *)self)->gate);
    ((Shape *)self)->count++;
    self->sides++;
    PyMutex_Unlock(&((Shape *)self)->gate);
    Py_RETURN_NONE;
}
static PyObject *polygon_sum(PyObject *op, PyObject *unused)
{
    Polygon *self = (Polygon *)op;
    shape_enter(&self->shape);
    long sum = self->shape.count + self->sides;
    shape_leave((Shape *)op);
    return PyLong_FromLong(sum);
}
static PyObject *polygon_count(Polygon *self, PyObject *unused)
{
    return PyLong_FromLong(self->shape.count);  // expect: FT303
}
static PyObject *polygon_sides(Polygon *self, PyObject *unused)
{
    return PyLong_FromLong(self->sides);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"grow", (PyCFunction)polygon_grow, METH_NOARGS, NULL},
    {"sum", (PyCFunction)polygon_sum, METH_NOARGS, NULL},
    {"count", (PyCFunction)polygon_count, METH_NOARGS, NULL},
    {"sides", (PyCFunction)polygon_sides, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Polygon_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Polygon", .tp_basicsize = sizeof(Polygon), .tp_methods = methods};
