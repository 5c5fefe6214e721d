#include "cli/python_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "headers/carried.h"
#include "python/build.h"
#include "python/interpreter.h"

namespace ftaudit::cli {
namespace {

// A build takes minutes: where nothing can be redrawn, at least each stage is one line.
class StageLines final : public Progress {
  void stage(std::string_view name, std::size_t) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(name.size()), name.data());
  }
  void step(std::size_t, std::string_view) override {}
  void finish() override {}
};

std::unique_ptr<Progress> build_progress() {
  if (::isatty(2) != 0) return make_progress(true);
  return std::make_unique<StageLines>();
}

}  // namespace

int python_install(const PythonInstallOptions& options) {
  auto choice = python::choose_release(options.version);
  if (!choice) {
    log::error(choice.message());
    return 2;
  }
  if (options.tsan && !choice->free_threaded) {
    log::error("a Python with ThreadSanitizer is only of use without the GIL; say " + options.version + "t");
    return 2;
  }
  if (options.tsan && options.headers) {
    log::error("--headers and --tsan do not go together: headers are the same with and without ThreadSanitizer");
    return 2;
  }
  choice->tsan = options.tsan;
  const python::PythonBuild build{*choice, options.headers, options.force, options.source, options.jobs};
  const auto progress = build_progress();
  const auto built = python::build_python(build, *progress);
  progress->finish();
  if (!built) {
    log::error(built.message());
    return 3;
  }
  for (const std::string& lost : built->left_out) log::warning("this Python has no " + lost);
  std::printf("%s %s %s in %s\n", options.headers ? "headers of CPython" : "CPython", choice->folder_name().c_str(),
              built->already_there ? "are there already" : "installed", built->prefix.c_str());
  return 0;
}

int python_list() {
  const std::vector<python::Interpreter> interpreters = python::find_interpreters();
  if (interpreters.empty()) {
    log::error(python::choose_interpreter("").message());
    return 3;
  }
  int name = 4, version = 7;
  for (const python::Interpreter& one : interpreters) {
    name = std::max(name, static_cast<int>(one.name.size()));
    version = std::max(version, static_cast<int>(one.version.size()));
  }
  std::printf("  %-*s  %-*s  %-11s  %-7s  %s\n", name, "name", version, "version", "holds", "origin", "path");
  for (std::size_t i = 0; i < interpreters.size(); ++i) {
    const python::Interpreter& one = interpreters[i];
    const bool runs = !one.executable.empty();
    std::printf("%c %-*s  %-*s  %-11s  %-7s  %s\n", i == 0 ? '*' : ' ', name, one.name.c_str(), version,
                one.version.c_str(),
                one.tsan ? "TSan build"
                : runs   ? "interpreter"
                         : "headers",
                one.origin.c_str(), headers::shown(runs ? one.executable : one.include_folders.front()).c_str());
  }
  std::printf("* is what a scan uses unless --python says otherwise\n");
  return 0;
}

}  // namespace ftaudit::cli
