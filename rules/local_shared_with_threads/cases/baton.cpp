// Semaphores pass a baton on from thread to thread: who has it is alone at the list. Nothing hands one on in count().
#include <Python.h>

#include <semaphore.h>

#include <thread>
#include <vector>

struct Turn {
    sem_t *mine, *next;
};

static void note(Turn *turn, std::vector<int> *out)
{
    sem_wait(turn->mine);
    out->push_back(1);
    sem_post(turn->next);
}

static PyObject *run(PyObject *module, PyObject *unused)
{
    sem_t one, two;
    sem_init(&one, 0, 1);
    sem_init(&two, 0, 0);
    std::vector<int> out;
    Turn first{&one, &two}, second{&two, &one};
    Py_BEGIN_ALLOW_THREADS
    std::thread a(note, &first, &out), b(note, &second, &out);
    a.join();
    b.join();
    Py_END_ALLOW_THREADS
    return PyLong_FromSize_t(out.size());
}

static void add(std::vector<int> *out)
{
    out->push_back(1);  // expect: FT807
}

static PyObject *count(PyObject *module, PyObject *unused)
{
    std::vector<int> out;
    Py_BEGIN_ALLOW_THREADS
    std::thread a(add, &out), b(add, &out);
    a.join();
    b.join();
    Py_END_ALLOW_THREADS
    return PyLong_FromSize_t(out.size());
}

static PyMethodDef methods[] = {
    {"run", run, METH_NOARGS, NULL},
    {"count", count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "turns", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_turns(void) { return PyModuleDef_Init(&definition); }
