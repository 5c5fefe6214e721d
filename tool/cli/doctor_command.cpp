#include "cli/doctor_command.h"

#include <algorithm>
#include <cstdio>

#include "python/doctor.h"

namespace ftaudit::cli {

int doctor() {
  const std::vector<python::Check> checks = python::examine_machine();
  std::size_t width = 0;
  for (const python::Check& check : checks) width = std::max(width, check.what.size());
  for (const python::Check& check : checks) {
    const char* state = check.state == python::Check::State::ok        ? "ok"
                        : check.state == python::Check::State::missing ? "MISSING"
                                                                       : "optional";
    std::printf("%-8s  %-*s  %s\n", state, static_cast<int>(width), check.what.c_str(), check.detail.c_str());
    if (!check.remedy.empty())
      std::printf("%-8s  %-*s  -> %s\n", "", static_cast<int>(width), "", check.remedy.c_str());
  }
  const bool works = python::scan_can_work(checks);
  std::printf("%s\n", works ? "ftaudit scan can work on this machine"
                            : "ftaudit scan cannot work on this machine until what is MISSING is there");
  return works ? 0 : 3;
}

}  // namespace ftaudit::cli
