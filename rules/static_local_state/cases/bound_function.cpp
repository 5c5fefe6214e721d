// A count in a static local of a bound function: bare, and under a mutex that is one as well.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

static long made_bare() {
  static long made = 0;
  return ++made;  // expect: FT202
}
static long made_locked() {
  static std::mutex mutex;
  static long made = 0;
  std::lock_guard<std::mutex> held(mutex);
  return ++made;
}

PYBIND11_MODULE(fonts, m, py::mod_gil_not_used()) {
  m.def("made_bare", &made_bare);
  m.def("made_locked", &made_locked);
}
