// A block that each thread makes for itself and keeps in a variable of its own; the twin keeps it for
// everybody, which FT201 and FT203 tell.
#include <Python.h>

typedef struct {
    unsigned long state;
    unsigned long drawn;
} Dice;

static _Thread_local Dice *mine;

static Dice *own_dice(void)
{
    Dice *dice = mine;
    if (dice != NULL) return dice;
    dice = PyMem_RawCalloc(1, sizeof(Dice));
    if (dice == NULL) return NULL;
    mine = dice;
    return dice;
}
static unsigned long own_roll(Dice *dice)
{
    dice->drawn++;
    dice->state = dice->state * 69069 + 1;
    return dice->state % 6;
}

typedef struct {
    unsigned long state;
} Coin;
static Coin *coin_of_all;
static Coin *shared_coin(void)
{
    if (coin_of_all == NULL) coin_of_all = PyMem_RawCalloc(1, sizeof(Coin));
    return coin_of_all;
}

static PyObject *roll(PyObject *module, PyObject *unused)
{
    Dice *dice = own_dice();
    return dice == NULL ? PyErr_NoMemory() : PyLong_FromUnsignedLong(own_roll(dice));
}
static PyObject *toss(PyObject *module, PyObject *unused)
{
    Coin *coin = shared_coin();
    if (coin == NULL) return PyErr_NoMemory();
    coin->state = coin->state * 69069 + 1;
    return PyBool_FromLong((long)(coin->state & 1));
}
static PyMethodDef methods[] = {
    {"roll", roll, METH_NOARGS, NULL},
    {"toss", toss, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "games", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_games(void) { return PyModuleDef_Init(&definition); }
