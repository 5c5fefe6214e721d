// A node is taken off a list under its lock, by a helper, and used; one that stays on the list is everybody's.
#include <Python.h>

typedef struct Frame {
    struct Frame *next;
    long depth;
} Frame;

static PyMutex mutex;
static Frame *idle;

static Frame *take(void)
{
    PyMutex_Lock(&mutex);
    Frame *frame = idle;
    if (frame != NULL) idle = frame->next;
    PyMutex_Unlock(&mutex);
    return frame != NULL ? frame : PyMem_Calloc(1, sizeof *frame);
}

static void give(Frame *frame)
{
    PyMutex_Lock(&mutex);
    frame->next = idle;
    idle = frame;
    PyMutex_Unlock(&mutex);
}

static PyObject *run(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Frame *frame = take();
    if (frame == NULL) return PyErr_NoMemory();
    frame->depth = 1;
    frame->depth++;
    const long depth = frame->depth;
    give(frame);
    return PyLong_FromLong(depth);
}

typedef struct Job {
    struct Job *next;
    long runs;
} Job;
static Job *jobs;

static PyObject *first(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&mutex);
    Job *job = jobs;
    PyMutex_Unlock(&mutex);
    if (job == NULL) Py_RETURN_NONE;
    job->runs++;  // expect: FT201
    return PyLong_FromLong(job->runs);
}

static PyObject *add(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Job *job = PyMem_Calloc(1, sizeof *job);
    if (job == NULL) return PyErr_NoMemory();
    PyMutex_Lock(&mutex);
    job->next = jobs;
    jobs = job;
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"run", run, METH_NOARGS, NULL},
    {"first", first, METH_NOARGS, NULL},
    {"add", add, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef frames = {PyModuleDef_HEAD_INIT, .m_name = "frames", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_frames(void) { return PyModuleDef_Init(&frames); }
