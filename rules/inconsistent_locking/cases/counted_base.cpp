// The count lies in a base class of what the object holds by way of a smart pointer. Methods hold the module's mutex;
// tp_dealloc lets go of the pointer without it. The twin of the class counts in an atomic.
#include <Python.h>
#include <atomic>
#include <mutex>
#include <new>

static std::mutex atlas;

struct Counted {
  int holders = 0;
};
struct SafelyCounted {
  std::atomic<int> holders{0};
};

template <typename T>
class Held {
  T *tile_;

 public:
  explicit Held(T *tile) : tile_(tile) { ++tile_->holders; }  // no-side: FT303
  Held(const Held &other) : tile_(other.tile_) { ++tile_->holders; }  // no-side: FT303
  ~Held()
  {
    if (--tile_->holders == 0) delete tile_;  // expect: FT303
  }
  Held &operator=(const Held &) = delete;
};

struct Tile : Counted {
  char pixels[64] = {};
};
struct Sheet : SafelyCounted {
  char pixels[64] = {};
};

struct Map {
  PyObject_HEAD
  Held<Tile> tile;
  Held<Sheet> sheet;
};

static PyObject *map_twin(PyObject *op, PyObject *)
{
  const std::lock_guard<std::mutex> lock(atlas);
  Map *map = reinterpret_cast<Map *>(op);
  PyObject *twin = Py_TYPE(op)->tp_alloc(Py_TYPE(op), 0);
  if (twin == nullptr) return nullptr;
  new (&reinterpret_cast<Map *>(twin)->tile) Held<Tile>(map->tile);
  new (&reinterpret_cast<Map *>(twin)->sheet) Held<Sheet>(map->sheet);
  return twin;
}
static PyObject *map_new(PyTypeObject *type, PyObject *, PyObject *)
{
  PyObject *op = type->tp_alloc(type, 0);
  if (op == nullptr) return nullptr;
  const std::lock_guard<std::mutex> lock(atlas);
  new (&reinterpret_cast<Map *>(op)->tile) Held<Tile>(new Tile);
  new (&reinterpret_cast<Map *>(op)->sheet) Held<Sheet>(new Sheet);
  return op;
}
static void map_dealloc(PyObject *op)
{
  PyTypeObject *type = Py_TYPE(op);
  reinterpret_cast<Map *>(op)->tile.~Held<Tile>();
  reinterpret_cast<Map *>(op)->sheet.~Held<Sheet>();
  type->tp_free(op);
  Py_DECREF(type);
}
static PyMethodDef map_methods[] = {{"twin", map_twin, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot map_slots[] = {{Py_tp_methods, map_methods},
                                  {Py_tp_new, reinterpret_cast<void *>(map_new)},
                                  {Py_tp_dealloc, reinterpret_cast<void *>(map_dealloc)},
                                  {0, nullptr}};
static PyType_Spec map_spec = {"atlas.Map", sizeof(Map), 0, Py_TPFLAGS_DEFAULT, map_slots};
static int atlas_exec(PyObject *module) { return PyModule_Add(module, "Map", PyType_FromSpec(&map_spec)); }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(atlas_exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "atlas", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_atlas() { return PyModuleDef_Init(&definition); }
