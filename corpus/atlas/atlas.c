#include <Python.h>
#include <sys/mman.h>

typedef struct {
    PyObject_HEAD
    unsigned char *bytes; /* NULL when closed */
    size_t size;
} Atlas;

static PyObject *atlas_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"pages", NULL};
    int pages = 1024;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|i:Atlas", names, &pages)) return NULL;
    if (pages < 1 || pages > 4096) return PyErr_Format(PyExc_ValueError, "pages must be from 1 to 4096");
    Atlas *self = (Atlas *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->size = (size_t)pages * 4096;
    self->bytes = mmap(NULL, self->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (self->bytes == MAP_FAILED) {
        self->bytes = NULL;
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void atlas_dealloc(PyObject *op)
{
    Atlas *self = (Atlas *)op;
    PyTypeObject *type = Py_TYPE(op);
    if (self->bytes != NULL) munmap(self->bytes, self->size);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *atlas_sum(PyObject *op, PyObject *unused)
{
    Atlas *self = (Atlas *)op;
    if (self->bytes == NULL) return PyErr_Format(PyExc_ValueError, "the atlas is closed");
    unsigned long sum = 0;
    for (size_t i = 0; i < self->size; i++) sum += self->bytes[i];
    return PyLong_FromUnsignedLong(sum);
}

static PyObject *atlas_close(PyObject *op, PyObject *unused)
{
    Atlas *self = (Atlas *)op;
    if (self->bytes != NULL) {
        munmap(self->bytes, self->size);
        self->bytes = NULL;  /* expect: FT301 */
    }
    Py_RETURN_NONE;
}

static PyMethodDef atlas_methods[] = {
    {"sum", atlas_sum, METH_NOARGS, "sum($self, /)\n--\n\nThe sum of all bytes."},
    {"close", atlas_close, METH_NOARGS, "close($self, /)\n--\n\nGives the pages back."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot atlas_slots[] = {
    {Py_tp_new, atlas_new},
    {Py_tp_dealloc, atlas_dealloc},
    {Py_tp_methods, atlas_methods},
    {Py_tp_doc, "Atlas(pages=1024)\n--\n\nPages of memory."},
    {0, NULL},
};

static PyType_Spec atlas_spec = {
    .name = "atlas.Atlas", .basicsize = sizeof(Atlas), .flags = Py_TPFLAGS_DEFAULT, .slots = atlas_slots};

static int atlas_exec(PyObject *module)
{
    return PyModule_Add(module, "Atlas", PyType_FromSpec(&atlas_spec));
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, atlas_exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "atlas", .m_slots = module_slots};

PyMODINIT_FUNC PyInit_atlas(void) { return PyModuleDef_Init(&module_def); }
