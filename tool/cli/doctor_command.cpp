#include "cli/doctor_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/process.h"
#include "base/shell.h"
#include "base/text.h"
#include "cli/headers_command.h"
#include "cli/python_command.h"
#include "python/doctor.h"

namespace ftaudit::cli {
namespace {

// Debian's packages in one go: as root, or where sudo asks for no password. Otherwise it is said what a person has to
// do.
bool install_packages(const std::vector<std::string>& packages) {
  std::vector<std::string> argv{"apt-get", "install", "-y", "--no-install-recommends"};
  argv.insert(argv.end(), packages.begin(), packages.end());
  const bool root = ::geteuid() == 0;
  if (!root) {
    const auto may = run({.argv = {"sudo", "-n", "true"}, .timeout = std::chrono::seconds(10)});
    if (!may || !may->succeeded()) {
      std::fprintf(stderr, "ftaudit: root is needed for packages; run: sudo apt-get install %s\n",
                   join(packages, " ").c_str());
      return false;
    }
    argv.insert(argv.begin(), {"sudo", "-n"});
  }
  std::fprintf(stderr, "ftaudit: %s\n", shell_line(argv).c_str());
  const auto done = run({.argv = argv, .environment = {"DEBIAN_FRONTEND=noninteractive"}});
  if (done && done->succeeded()) return true;
  std::fprintf(stderr, "ftaudit: that failed: %s\n",
               done ? std::string(trim(done->err)).c_str() : done.message().c_str());
  return false;
}

// `ftaudit python install 3.14t --tsan` and `ftaudit headers install numpy`, without another process.
bool run_own(const std::vector<std::string>& words) {
  std::fprintf(stderr, "ftaudit: %s\n", join(words, " ").c_str());
  if (words.size() > 3 && words[1] == "headers") return headers_install({words[3]}) == 0;
  if (words.size() < 4 || words[1] != "python") return false;
  PythonInstallOptions options{.version = words[3]};
  options.tsan = std::find(words.begin(), words.end(), "--tsan") != words.end();
  options.headers = std::find(words.begin(), words.end(), "--headers") != words.end();
  return python_install(options) == 0;
}

// Compilers come first: Pythons are built with them.
bool mend(const std::vector<python::Check>& checks) {
  std::vector<std::string> packages;
  bool all = true;
  for (const python::Check& check : checks)
    if (const auto words = check.command();
        check.state != python::Check::State::ok && words.size() > 2 && words[0] == "apt-get")
      packages.insert(packages.end(), words.begin() + 2, words.end());
  if (!packages.empty()) all = install_packages(packages);
  for (const python::Check& check : checks)
    if (const auto words = check.command();
        check.state != python::Check::State::ok && !words.empty() && words[0] == "ftaudit")
      all &= run_own(words);
  return all;
}

}  // namespace

int doctor(const DoctorOptions& options) {
  std::vector<python::Check> checks = python::examine_machine();
  bool mended = true;
  if (options.fix) mended = mend(checks), checks = python::examine_machine();
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
  return works && mended ? 0 : 3;
}

}  // namespace ftaudit::cli
