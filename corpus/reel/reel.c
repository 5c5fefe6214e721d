#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *frames; /* a tuple; NULL when all were shown */
    Py_ssize_t next;
} Reel;

static PyObject *reel_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *frames;
    if (!PyArg_ParseTuple(args, "O:Reel", &frames)) return NULL;
    Reel *self = (Reel *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->frames = PySequence_Tuple(frames);
    if (self->frames == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void reel_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    Py_XDECREF(((Reel *)op)->frames);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *reel_next(PyObject *op)
{
    Reel *self = (Reel *)op;
    PyObject *frames = self->frames;
    if (frames == NULL) return NULL;
    if (self->next < PyTuple_GET_SIZE(frames)) {
        PyObject *frame = PyTuple_GET_ITEM(frames, self->next);
        self->next++;  /* expect: FT305 */
        return Py_NewRef(frame);
    }
    self->frames = NULL;  /* expect: FT306 */
    Py_DECREF(frames);
    return NULL;
}

static PyType_Slot reel_slots[] = {
    {Py_tp_new, reel_new},
    {Py_tp_dealloc, reel_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, reel_next},
    {Py_tp_doc, "Reel(frames, /)\n--\n\nShows each frame once."},
    {0, NULL},
};

static PyType_Spec reel_spec = {
    .name = "reel.Reel", .basicsize = sizeof(Reel), .flags = Py_TPFLAGS_DEFAULT, .slots = reel_slots};

static int reel_exec(PyObject *module)
{
    return PyModule_Add(module, "Reel", PyType_FromSpec(&reel_spec));
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, reel_exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "reel", .m_slots = module_slots};

PyMODINIT_FUNC PyInit_reel(void) { return PyModuleDef_Init(&module_def); }
