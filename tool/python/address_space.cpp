#include "python/address_space.h"

#include <sys/personality.h>

#include <cstdlib>

#include "base/files.h"
#include "base/text.h"

namespace ftaudit::python {

std::string address_space_problem() {
  const auto bits = read_file("/proc/sys/vm/mmap_rnd_bits", 64);
  if (!bits || std::atoi(bits->c_str()) <= 28) return {};
  const int now = ::personality(0xffffffff);
  if (now >= 0 && ::personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) >= 0) {
    ::personality(static_cast<unsigned long>(now));
    return {};
  }
  return "this kernel scatters memory too widely for ThreadSanitizer (vm.mmap_rnd_bits is " + std::string(trim(*bits)) +
         ") and does not let a process ask for less; run `sysctl vm.mmap_rnd_bits=28` as root, or start the container "
         "with --security-opt seccomp=unconfined";
}

}  // namespace ftaudit::python
