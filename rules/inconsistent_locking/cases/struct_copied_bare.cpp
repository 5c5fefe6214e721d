// The copy of a struct reads all of it, be it made for a variable, an argument or a result.
#include <Python.h>

struct Tally { long wins, losses; };
struct Game {
  PyObject_HEAD
  PyMutex lock;
  Tally tally, shown;
};

static long balance(Tally of) { return of.wins - of.losses; }

static PyObject *game_win(Game *self, PyObject *) {
  PyMutex_Lock(&self->lock);
  self->tally.wins += 1;
  self->shown.wins += 1;
  PyMutex_Unlock(&self->lock);
  Py_RETURN_NONE;
}
static PyObject *game_balance(Game *self, PyObject *) {
  return PyLong_FromLong(balance(self->tally));  // expect: FT303
}
static PyObject *game_shown(Game *self, PyObject *) {
  PyMutex_Lock(&self->lock);
  const Tally now = self->shown;
  PyMutex_Unlock(&self->lock);
  return PyLong_FromLong(balance(now));
}
static PyMethodDef game_methods[] = {
    {"win", (PyCFunction)game_win, METH_NOARGS, nullptr},
    {"balance", (PyCFunction)game_balance, METH_NOARGS, nullptr},
    {"shown", (PyCFunction)game_shown, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyType_Slot game_slots[] = {{Py_tp_methods, game_methods}, {0, nullptr}};
static PyType_Spec game_spec = {"games.Game", sizeof(Game), 0, Py_TPFLAGS_DEFAULT, game_slots};
static int games_exec(PyObject *module) {
  PyObject *type = PyType_FromSpec(&game_spec);
  return type == nullptr ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)games_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "games", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_games() { return PyModuleDef_Init(&definition); }
