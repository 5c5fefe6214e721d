// A mutex that an accessor hands out: whether it may be taken twice its guard says.
#include <Python.h>

#include <mutex>

class Depot {
 public:
    std::recursive_mutex &gate() { return gate_; }
    std::mutex &door() { return door_; }
    long stock = 0, sold = 0;

 private:
    std::recursive_mutex gate_;
    std::mutex door_;
};

static Depot depot;

static void restock()
{
    std::lock_guard<std::recursive_mutex> guard(depot.gate());
    depot.stock = 10;
}

static PyObject *take(PyObject *, PyObject *)
{
    std::lock_guard<std::recursive_mutex> guard(depot.gate());
    if (depot.stock == 0) restock();
    return PyLong_FromLong(--depot.stock);
}

static void settle()
{
    std::lock_guard<std::mutex> guard(depot.door());
    depot.sold = 0;
}

static PyObject *sell(PyObject *, PyObject *)
{
    std::lock_guard<std::mutex> guard(depot.door());
    if (depot.sold == 10) settle();  // expect: FT407
    return PyLong_FromLong(++depot.sold);
}

static PyMethodDef methods[] = {{"take", take, METH_NOARGS, nullptr}, {"sell", sell, METH_NOARGS, nullptr}, {}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "depots", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_depots(void) { return PyModuleDef_Init(&definition); }
