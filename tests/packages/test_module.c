/* Modules of every kind in one library, against declarations of CPython's own shape: nothing of CPython is needed to build
   it, for it is never loaded. PyObject is the free-threaded one of 32 bytes. */
typedef struct { void *tid; void *bits; void *shared; void *type; } Object;
typedef struct { int slot; void *value; } Slot;
typedef struct {
  Object base; void *init; long index; void *copy;
  const char *name, *doc; long size; void *methods; Slot *slots; void *traverse, *clear, *free;
} Definition;

void *PyModuleDef_Init(Definition *);
void *PyModule_Create2(Definition *, int);
int PyUnstable_Module_SetGIL(void *, void *);
void *PyCapsule_Import(const char *, int);
void *PyImport_ImportModule(const char *);
void *PyDict_GetItemString(void *, const char *);

static int run(void *module) { return PyDict_GetItemString(module, "x") == 0; }

static Slot declares_slots[] = {{2, (void *)run}, {4, (void *)1}, {0, 0}};
static Definition declares = {.name = "pkg.declares", .slots = declares_slots};
void *PyInit_declares(void) { return PyModuleDef_Init(&declares); }

static Slot keeps_slots[] = {{2, (void *)run}, {4, (void *)0}, {0, 0}};
static Definition keeps = {.name = "keeps", .slots = keeps_slots};
void *PyInit_keeps(void) { return PyModuleDef_Init(&keeps); }

static Slot silent_slots[] = {{2, (void *)run}, {3, (void *)2}, {0, 0}};
static Definition silent = {.name = "silent", .slots = silent_slots};
void *PyInit_silent(void) { return PyModuleDef_Init(&silent); }

static Definition calls = {.name = "calls", .size = -1};
void *PyInit_calls(void) {
  void *module = PyModule_Create2(&calls, 1013);
  if (module == 0) return 0;
  PyUnstable_Module_SetGIL(module, (void *)1);
  return module;
}

/* Filled in when it runs, as pybind11 does. */
static Slot written_slots[4];
static Definition written;
void *PyInit_written(void) {
  written_slots[0].slot = 2;
  written_slots[0].value = (void *)run;
  written_slots[1].slot = 4;
  written_slots[1].value = (void *)1;
  written.name = "written";
  written.slots = written_slots;
  return PyModuleDef_Init(&written);
}

void *PyInit_hands_over(void) {
  if (PyImport_ImportModule("other__mypyc") == 0) return 0;
  void *(*init)(void) = (void *(*)(void))PyCapsule_Import("other__mypyc.init_hands_over", 0);
  return init == 0 ? 0 : init();
}
