#include "cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "headers/carried.h"
#include "python/build.h"
#include "python/interpreter.h"

namespace ftaudit::cli {
namespace {

struct PythonInstallOptions {
  std::string version = "3.13t";  // "3.13t", "3.13.5t", "3.14t"; without the t a build with the GIL
  bool headers = false;           // only the headers
  std::string source;             // the release's .tar.xz, when it is not to be fetched
  bool force = false;             // build again, and even where pip could not work
  bool tsan = false;              // with ThreadSanitizer
  bool optimized = false;         // with PGO and LTO
  unsigned jobs = 0;              // 0: one a core
};

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

// 0 installed or there already; 2 unknown version or option; 3 it could not be had.
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
  if (options.optimized && (options.tsan || options.headers)) {
    log::error(
        "--optimized is for an interpreter that is measured: it goes together with neither --tsan nor --headers");
    return 2;
  }
  choice->tsan = options.tsan;
  choice->optimized = options.optimized;
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

// 0, or 3 when there is none that a scan could use.
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
                one.tsan                                                                          ? "TSan build"
                : runs && one.prefix.filename().string().find("-optimized-") != std::string::npos ? "optimized"
                : runs                                                                            ? "interpreter"
                                                                                                  : "headers",
                one.origin.c_str(), headers::shown(runs ? one.executable : one.include_folders.front()).c_str());
  }
  std::printf("* is what a scan uses unless --python says otherwise\n");
  return 0;
}

}  // namespace

void add_python(Arguments& program, const ScanOptions&, const Choose& choose) {
  Arguments group = program.command("python", "Pythons to scan against: list, install");
  group.needs_command();
  const auto options = std::make_shared<PythonInstallOptions>();
  Arguments install = group.command("install", "Build a CPython from its source release, or only its headers");
  install.text("VERSION", options->version, "3.13t (default), 3.14t, 3.13.5t, ...");
  install.flag("--headers", options->headers, "Only the headers: all that scan needs, about a minute");
  install.text("--source", options->source, "The release's .tar.xz, checked against its known SHA-256").named("FILE");
  install.flag("--force", options->force, "Build again, and even where parts of the library will be missing");
  install.flag("--tsan", options->tsan, "With ThreadSanitizer");
  install.flag("--optimized", options->optimized,
               "Guided by a profile, optimised at link time: slow to build; for `measure`, of both builds");
  install.number("-j,--jobs", options->jobs, "Compilers at the same time (default: one a core)").named("N");
  install.when_chosen([=] { choose({.run = [options](const Console&) { return python_install(*options); }}); });
  group.command("list", "Show what is there and which one scan would take").when_chosen([=] {
    choose({.run = [](const Console&) { return python_list(); }});
  });
}

}  // namespace ftaudit::cli
