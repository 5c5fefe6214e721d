// Who finds the state idle under the section makes it busy, and puts there what is to come next: idle, or closed for
// good. One type lets it be closed by anybody, so its state keeps nobody off.
#include <Python.h>

enum { IDLE, BUSY, CLOSED };

typedef struct {
    PyObject_HEAD
    int state;
    unsigned char out[64];
    size_t used;
} Encoder;
typedef struct {
    PyObject_HEAD
    int state;
    size_t used;
} Decoder;

static int encoder_claim(Encoder *self)
{
    int was;
    Py_BEGIN_CRITICAL_SECTION(self);
    was = self->state;
    if (was == IDLE) self->state = BUSY;
    Py_END_CRITICAL_SECTION();
    if (was == IDLE) return 0;
    PyErr_SetString(PyExc_RuntimeError, was == CLOSED ? "closed" : "in use");
    return -1;
}
static void encoder_release(Encoder *self, int next)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->state = next;
    Py_END_CRITICAL_SECTION();
}
static PyObject *encoder_feed(PyObject *op, PyObject *arg)
{
    Encoder *self = (Encoder *)op;
    if (encoder_claim(self) < 0) return NULL;
    Py_BEGIN_ALLOW_THREADS
    while (self->used < sizeof(self->out)) self->out[self->used++] = 1;
    Py_END_ALLOW_THREADS
    encoder_release(self, IDLE);
    Py_RETURN_NONE;
}
static PyObject *encoder_close(PyObject *op, PyObject *unused)
{
    Encoder *self = (Encoder *)op;
    if (encoder_claim(self) < 0) return NULL;
    self->used = 0;
    encoder_release(self, CLOSED);
    Py_RETURN_NONE;
}

static PyObject *decoder_feed(PyObject *op, PyObject *arg)
{
    Decoder *self = (Decoder *)op;
    int was;
    Py_BEGIN_CRITICAL_SECTION(self);
    was = self->state;
    if (was == IDLE) self->state = BUSY;
    Py_END_CRITICAL_SECTION();
    if (was != IDLE) Py_RETURN_FALSE;
    self->used++;  // expect: FT301
    Py_BEGIN_CRITICAL_SECTION(self);
    self->state = IDLE;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_TRUE;
}
static PyObject *decoder_reset(PyObject *op, PyObject *unused)
{
    Decoder *self = (Decoder *)op;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->state = IDLE;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef encoder_methods[] = {
    {"feed", encoder_feed, METH_O, NULL},
    {"close", encoder_close, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef decoder_methods[] = {
    {"feed", decoder_feed, METH_O, NULL},
    {"reset", decoder_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot encoder_slots[] = {{Py_tp_methods, encoder_methods}, {0, NULL}};
static PyType_Slot decoder_slots[] = {{Py_tp_methods, decoder_methods}, {0, NULL}};
PyType_Spec encoder_spec = {"codes.Encoder", sizeof(Encoder), 0, Py_TPFLAGS_DEFAULT, encoder_slots};
PyType_Spec decoder_spec = {"codes.Decoder", sizeof(Decoder), 0, Py_TPFLAGS_DEFAULT, decoder_slots};
