/* A module that another one makes, as cffi's are: nothing in this library could make a module. */
void *PyImport_ImportModule(const char *);
void *PyObject_CallMethod(void *, const char *, const char *, ...);
void *PyLong_FromVoidPtr(void *);
void _Py_Dealloc(void *);

static void *context[4];

void *PyInit_handed(void) {
  void *maker = PyImport_ImportModule("the_maker");
  if (maker == 0) return 0;
  void *argument = PyLong_FromVoidPtr(context);
  if (argument == 0) return 0;
  void *made = PyObject_CallMethod(maker, "make", "O", argument);
  _Py_Dealloc(argument);
  return made;
}
