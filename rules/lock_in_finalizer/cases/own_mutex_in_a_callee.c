// The object that goes away is handed to a function that takes its mutex: nobody else can hold that any more.
#include <Python.h>
#include <pthread.h>

typedef struct Shop {
    PyObject_HEAD
    pthread_mutex_t door;
    PyObject *bell;
    int open;
} Shop;
typedef struct {
    PyObject_HEAD
    Shop *shop;
    PyObject *note;
} Visit;

static void shop_close(Shop *shop)
{
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&shop->door);
    shop->open = 0;
    pthread_mutex_unlock(&shop->door);
    Py_END_ALLOW_THREADS
}
static void Shop_dealloc(PyObject *op)
{
    Shop *self = (Shop *)op;
    PyTypeObject *type = Py_TYPE(op);
    shop_close(self);
    pthread_mutex_destroy(&self->door);
    Py_XDECREF(self->bell);
    type->tp_free(op);
    Py_DECREF(type);
}
static PyObject *Shop_ring(Shop *self, PyObject *unused)
{
    PyObject *answer = NULL;
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&self->door);
    Py_BLOCK_THREADS
    if (self->bell != NULL) answer = PyObject_CallNoArgs(self->bell);
    Py_UNBLOCK_THREADS
    pthread_mutex_unlock(&self->door);
    Py_END_ALLOW_THREADS
    return answer;
}
static PyObject *Shop_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *bell;
    if (!PyArg_ParseTuple(args, "O", &bell)) return NULL;
    Shop *self = (Shop *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    pthread_mutex_init(&self->door, NULL);
    self->bell = Py_NewRef(bell);
    self->open = 1;
    return (PyObject *)self;
}
static void Visit_dealloc(PyObject *op)
{
    Visit *self = (Visit *)op;
    PyTypeObject *type = Py_TYPE(op);
    Py_XDECREF(self->note);
    Py_XDECREF(self->shop);
    type->tp_free(op);
    Py_DECREF(type);
}
static PyMethodDef Shop_methods[] = {
    {"ring", (PyCFunction)Shop_ring, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot Shop_slots[] = {
    {Py_tp_methods, Shop_methods}, {Py_tp_new, Shop_new}, {Py_tp_dealloc, Shop_dealloc}, {0, NULL}};
static PyType_Slot Visit_slots[] = {{Py_tp_dealloc, Visit_dealloc}, {0, NULL}};
static PyType_Spec Shop_spec = {"shops.Shop", sizeof(Shop), 0, Py_TPFLAGS_DEFAULT, Shop_slots};
static PyType_Spec Visit_spec = {"shops.Visit", sizeof(Visit), 0, Py_TPFLAGS_DEFAULT, Visit_slots};
static int shops_exec(PyObject *module)
{
    if (PyModule_Add(module, "Shop", PyType_FromSpec(&Shop_spec)) < 0) return -1;
    return PyModule_Add(module, "Visit", PyType_FromSpec(&Visit_spec));
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)shops_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "shops", .m_slots = slots};
PyMODINIT_FUNC PyInit_shops(void) { return PyModuleDef_Init(&definition); }
