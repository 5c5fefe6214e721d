#include "cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "python/header_package.h"

namespace ftaudit::cli {
namespace {

// The newest version of each. 0 all installed; 2 a package ftaudit does not know (nothing is fetched then); 3 one could
// not be had, and those after it were not tried.
int headers_install(const std::vector<std::string>& packages) {
  std::vector<std::string> known;
  for (const python::HeaderPackage& package : python::header_packages()) known.emplace_back(package.name);
  for (const std::string& name : packages)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string meant = closest(name, known);
      log::error("ftaudit knows no headers of '" + name + "'; it knows those of " + join(known, ", ") +
                 (meant.empty() ? "" : "; did you mean " + meant + "?"));
      return 2;
    }
  const auto progress = make_progress(::isatty(2) != 0);
  for (const std::string& name : packages) {
    const auto installed = python::install_header_package(name, *progress);
    if (!installed) {  // without a network the next one would only keep the user waiting as long again
      log::error(installed.message());
      return 3;
    }
    std::printf("headers of %s installed in %s\n", name.c_str(), installed->c_str());
  }
  return 0;
}

// Which packages' headers a scan would find, and where. Always 0.
int headers_list() {
  for (const python::HeaderPackage& package : python::header_packages()) {
    const std::string name(package.name);
    const std::vector<fs::path> folders = python::find_header_package(name);
    std::printf("%-9s %s\n", name.c_str(),
                folders.empty() ? ("not there; ftaudit headers install " + name).c_str() : folders.front().c_str());
  }
  return 0;
}

}  // namespace

void add_headers(Arguments& program, const ScanOptions&, const Choose& choose) {
  Arguments group = program.command("headers", "Headers of pybind11, nanobind and numpy: list, install");
  group.needs_command();
  const auto packages = std::make_shared<std::vector<std::string>>();
  Arguments install = group.command("install", "Fetch the newest wheels and keep their headers; runs nothing of them");
  install.texts("PACKAGE", *packages, "pybind11, nanobind, numpy").required();
  install.when_chosen([=] { choose({.run = [packages](const Console&) { return headers_install(*packages); }}); });
  group.command("list", "Show what is there").when_chosen([=] {
    choose({.run = [](const Console&) { return headers_list(); }});
  });
}

}  // namespace ftaudit::cli
