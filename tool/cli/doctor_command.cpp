#include "cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/process.h"
#include "base/shell.h"
#include "base/text.h"
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

// `ftaudit python install 3.14t --tsan`, `ftaudit headers install numpy`: by this program, so that each says what it
// does.
bool run_own(std::vector<std::string> words) {
  std::fprintf(stderr, "ftaudit: %s\n", join(words, " ").c_str());
  std::error_code failed;
  words[0] = fs::read_symlink("/proc/self/exe", failed).string();
  const auto done = run({.argv = words, .on_line = [](std::string_view line) {
                           std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
                         }});
  return done && done->succeeded();
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

// 0 when a scan can work and all that was to be got is there, else 3.
int doctor(bool fix) {
  std::vector<python::Check> checks = python::examine_machine();
  bool mended = true;
  if (fix) mended = mend(checks), checks = python::examine_machine();
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

}  // namespace

void add_doctor(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto fix = std::make_shared<bool>(false);
  Arguments command = program.command("doctor", "What this machine has and lacks");
  command.flag("--fix", *fix, "Get what is missing: Debian's packages (as root), Pythons, headers");
  command.when_chosen([=] { choose({.run = [=](const Console&) { return doctor(*fix); }}); });
}

}  // namespace ftaudit::cli
