// The function at the offset that a type names is what a call of the object goes to; its arguments, and those of other
// functions that get them as an array, are objects that others have too.
#include <Python.h>
#include <stddef.h>

typedef struct { PyObject_HEAD PyMutex lock; vectorcallfunc work; long runs; } Task;
static PyTypeObject Task_Type;

static PyObject *task_work(PyObject *op, PyObject *const *args, size_t count, PyObject *names)
{
    Task *self = (Task *)op;
    self->runs++;  // expect: FT303
    Py_RETURN_NONE;
}
static PyObject *task_runs(Task *self, void *closure)
{
    PyMutex_Lock(&self->lock);
    long runs = self->runs;
    PyMutex_Unlock(&self->lock);
    return PyLong_FromLong(runs);
}
static PyObject *forget(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 1 || !PyObject_TypeCheck(args[0], &Task_Type)) return NULL;
    Task *task = (Task *)args[0];
    PyMutex_Lock(&task->lock);
    task->runs = 0;
    PyMutex_Unlock(&task->lock);
    Py_RETURN_NONE;
}
static PyObject *task_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Task *self = (Task *)type->tp_alloc(type, 0);
    if (self != NULL) self->work = task_work;
    return (PyObject *)self;
}
static PyMemberDef task_members[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Task, work), Py_READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyGetSetDef task_getset[] = {{"runs", (getter)task_runs, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot task_slots[] = {
    {Py_tp_new, (void *)task_new}, {Py_tp_members, task_members}, {Py_tp_getset, task_getset}, {0, NULL}};
static PyType_Spec task_spec = {"jobs.Task", sizeof(Task), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
                                task_slots};
static PyMethodDef functions[] = {
    {"forget", (PyCFunction)(void (*)(void))forget, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};
static int jobs_exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&task_spec);
    return type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)jobs_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "jobs", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_jobs(void) { return PyModuleDef_Init(&definition); }
