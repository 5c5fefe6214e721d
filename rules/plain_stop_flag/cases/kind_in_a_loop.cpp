// A loop that does one thing or another by what a header says does not wait for the header to change.
#include <pybind11/pybind11.h>

#include <stdexcept>
#include <vector>

struct Header {
  int shape = 0;
  long total = 0;
};

static void set_shape(Header &header, int shape) { header.shape = shape; }

static long sum(const Header &header, const std::vector<int> &items) {
  long total = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (header.shape == 1) {
      total += items[i];
      continue;
    }
    if (header.shape == 2) throw std::runtime_error("no sums of these");
    total -= items[i];
  }
  return total;
}

PYBIND11_MODULE(sums, m) {
  pybind11::class_<Header>(m, "Header").def(pybind11::init<>()).def_property("shape", [](Header &h) { return h.shape; }, &set_shape);
  m.def("sum", &sum);
}
