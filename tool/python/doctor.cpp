#include "python/doctor.h"

#include <algorithm>

#include "base/files.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "headers/carried.h"
#include "python/address_space.h"
#include "python/header_package.h"
#include "python/interpreter.h"
#include "python/release.h"
#include "python/toolchain.h"

namespace ftaudit::python {
namespace {

using State = Check::State;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string shown(const Interpreter& interpreter) {
  const fs::path where = interpreter.executable.empty() ? interpreter.include_folders.front() : interpreter.executable;
  return interpreter.name + " (" + interpreter.version + ", " + headers::shown(where) + ")";
}

Check clang_headers() {
  const fs::path folder = headers::clang_folder();
  if (!folder.empty()) return {"Clang's own headers", State::ok, headers::shown(folder / "include"), ""};
  return {"Clang's own headers", State::missing, "nowhere; no file can be parsed without them", clang_remedy()};
}

Check c_library_headers() {
  if (headers::machine_has_c()) return {"C library headers", State::ok, "/usr/include", ""};
  if (const fs::path carried = headers::carried_root() / "sysroot/usr/include"; headers::exists(carried / "stdio.h"))
    return {"C library headers", State::ok, headers::shown(carried), ""};
  return {"C library headers", State::missing, "no /usr/include/stdio.h; no file can be parsed without them",
          "apt-get install libc6-dev (25 MB)"};
}

Check cxx_library_headers() {
  for (const fs::path& root : {fs::path("/"), headers::carried_root() / "sysroot"})
    if (const auto versions = headers::children(root / "usr/include/c++");
        !versions.empty() && (root != "/" || headers::machine_has_cxx()))
      return {"C++ library headers", State::ok, headers::shown(versions.back()), ""};
  return {"C++ library headers", State::missing, "no /usr/include/c++; no C++ file can be parsed without them",
          "apt-get install g++ (150 MB, a minute)"};
}

Check python_headers(const std::vector<Interpreter>& interpreters) {
  if (!interpreters.empty()) return {"CPython headers", State::ok, shown(interpreters.front()), ""};
  return {"CPython headers", State::missing, "none of 3.13 or newer; nothing can be scanned without them",
          "ftaudit python install 3.13t --headers (23 MB download, 3 MB kept, a minute)"};
}

Check interpreter(const std::vector<Interpreter>& interpreters) {
  std::vector<std::string> names;
  for (const Interpreter& one : interpreters)
    if (one.free_threaded && !one.tsan && !one.executable.empty()) names.push_back(shown(one));
  if (!names.empty()) return {"free-threaded Python", State::ok, join(names, ", "), ""};
  return {"free-threaded Python", State::optional, "none that can be run; scan does not need one",
          "ftaudit python install 3.13t (23 MB download, 85 MB kept, two minutes on two cores)"};
}

Check tsan_interpreter(const std::vector<Interpreter>& interpreters) {
  for (const Interpreter& one : interpreters)
    if (one.tsan && one.free_threaded && !one.executable.empty())
      return {"Python with ThreadSanitizer", State::ok, shown(one), ""};
  return {"Python with ThreadSanitizer", State::optional, "none; confirm needs one, unless it is run with --light",
          "ftaudit python install 3.13t --tsan (23 MB download, 120 MB kept, four or five minutes on two cores)"};
}

// Where memory is scattered too widely, the sanitizer cannot find its shadow.
Check address_space() {
  const std::string problem = address_space_problem();
  if (problem.empty()) return {"address space", State::ok, "suits ThreadSanitizer", ""};
  return {"address space", State::optional, problem, ""};
}

Check package(const HeaderPackage& wanted) {
  const std::string what = "headers of " + std::string(wanted.name);
  const std::vector<fs::path> folders = find_header_package(wanted.name);
  if (!folders.empty()) return {what, State::ok, headers::shown(folders.front()), ""};
  return {what, State::optional, "files that include <" + std::string(wanted.header) + "> are only partly audited",
          "ftaudit headers install " + std::string(wanted.name) + " (a few seconds)"};
}

Check program(const char* what, std::vector<std::string> names, const char* needed_for, const char* remedy) {
  for (const std::string& name : names)
    if (const fs::path found = find_program(name); !found.empty()) return {what, State::ok, found.string(), ""};
  return {what, State::optional, needed_for, remedy};
}

Check thread_sanitizer() {
  const std::string clang = find_clang();
  if (clang.empty())
    return {"ThreadSanitizer", State::optional, "no clang; confirm builds with one, scan needs none", clang_remedy()};
  if (const fs::path runtime = tsan_runtime(clang); !runtime.empty())
    return {"ThreadSanitizer", State::ok, clang + ", " + runtime.string(), ""};
  return {"ThreadSanitizer", State::optional, clang + " has no runtime of it; scan does not need it",
          tsan_remedy(clang)};
}

Check confinement() {
  const bool whole =
      sandbox::layers().landlock > 0 && sandbox::layers().seccomp && sandbox::mode() != sandbox::Mode::off;
  return {"sandbox", whole ? State::ok : State::optional, sandbox::described(), ""};
}

Check disk_space() {
  fs::path folder = data_folder();
  while (!folder.empty() && folder != folder.root_path() && !is_there(folder)) folder = folder.parent_path();
  std::error_code failed;
  const fs::space_info space = fs::space(folder.empty() ? "/" : folder, failed);
  if (failed) return {"disk space", State::optional, data_folder().string() + ": " + failed.message(), ""};
  const std::string free = std::to_string(space.available >> 20) + " MB free in " + data_folder().string();
  if (space.available >= 450u << 20) return {"disk space", State::ok, free, ""};
  return {"disk space", State::optional, free + "; building a Python takes 400 MB",
          "set XDG_DATA_HOME and TMPDIR to a roomier place"};
}

}  // namespace

std::vector<std::string> Check::command() const {
  if (!remedy.starts_with("apt-get install ") && !remedy.starts_with("ftaudit ")) return {};
  std::vector<std::string> words = split(remedy.substr(0, remedy.find(" (")), ' ');
  return words;
}

std::vector<Check> examine_machine() {
  const std::vector<Interpreter> interpreters = find_interpreters();
  std::vector<Check> checks{clang_headers(),           c_library_headers(),
                            cxx_library_headers(),     python_headers(interpreters),
                            interpreter(interpreters), tsan_interpreter(interpreters)};
  for (const HeaderPackage& wanted : header_packages()) checks.push_back(package(wanted));
  checks.push_back(program("C compiler", {find_clang(), "gcc", "cc"}, "needed to install a Python or its headers",
                           "apt-get install gcc (a minute)"));
  checks.push_back(
      program("make", {"make"}, "needed to install a Python or its headers", "apt-get install make (a few seconds)"));
  checks.push_back(program("downloads", {"curl", "wget", "python3"}, "needed to fetch CPython's source from python.org",
                           "apt-get install curl (a few seconds)"));
  checks.push_back(program("apt", {"apt-get"},
                           "CPython's source cannot come from Debian's mirrors; python.org or --source FILE is needed",
                           ""));
  checks.push_back(thread_sanitizer());
  checks.push_back(address_space());
  checks.push_back(program("debugger", {"gdb"}, "confirm names no native stacks of what hangs without one",
                           "apt-get install gdb (a minute)"));
  checks.push_back(confinement());
  checks.push_back(disk_space());
  return checks;
}

bool scan_can_work(const std::vector<Check>& checks) {
  return std::none_of(checks.begin(), checks.end(), [](const Check& check) { return check.state == State::missing; });
}

}  // namespace ftaudit::python
