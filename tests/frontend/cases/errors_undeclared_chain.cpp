// One argument of a chain of calls that no header declares.
struct Class {
  template <typename Method>
  Class &def(const char *name, Method method, const char *text);
};
struct Bell {
  void ring();
  void toll();
};
void bind(Class &bells)
{
  bells.def("ring", &Bell::ring, ring_doc).def("toll", &Bell::toll, toll_doc);
}
