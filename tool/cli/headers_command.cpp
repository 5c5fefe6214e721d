#include "cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "cython/translation.h"
#include "headers/carried.h"
#include "python/cython_package.h"
#include "python/header_package.h"

namespace ftaudit::cli {
namespace {

// The name of a distribution on a package index, and nothing that pip could take for more than a name.
bool is_distribution(const std::string& name) {
  return !name.empty() && std::isalnum(static_cast<unsigned char>(name.front())) != 0 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string::npos;
}

// The newest version of each. 0 all installed; 2 a package ftaudit does not know (nothing is fetched then); 3 one could
// not be had, and those after it were not tried.
int headers_install(const std::vector<std::string>& packages) {
  std::vector<std::string> known;
  for (const python::HeaderPackage& package : python::header_packages()) known.emplace_back(package.name);
  known.emplace_back(python::cython);
  for (const std::string& name : packages)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string meant = closest(name, known);
      if (meant.empty() && is_distribution(name)) continue;  // another package, for what it declares to Cython
      log::error("ftaudit knows no headers of '" + name + "'; it knows those of " + join(known, ", ") +
                 (meant.empty() ? "" : "; did you mean " + meant + "?"));
      return 2;
    }
  const auto progress = make_progress(::isatty(2) != 0);
  for (const std::string& name : packages) {
    const bool of_headers = std::ranges::any_of(
        python::header_packages(), [&](const python::HeaderPackage& package) { return package.name == name; });
    const auto installed =
        of_headers ? python::install_header_package(name, *progress) : python::install_for_cython(name, *progress);
    if (!installed) {  // without a network the next one would only keep the user waiting as long again
      log::error(installed.message());
      return 3;
    }
    std::printf("%s%s installed in %s\n", name == python::cython ? "" : "headers of ", name.c_str(),
                installed->c_str());
  }
  return 0;
}

// Which packages' headers a scan would find, and where. Always 0.
int headers_list() {
  for (const python::HeaderPackage& package : python::header_packages()) {
    const std::string name(package.name);
    const std::vector<fs::path> folders = python::find_header_package(name);
    std::printf(
        "%-9s %s\n", name.c_str(),
        (folders.empty() ? "not there; ftaudit headers install " + name : headers::shown(folders.front())).c_str());
  }
  const auto compiler = cython::compiler_in(python::cython_sites(python::find_interpreters()));
  std::printf("%-9s %s\n", "cython",
              compiler ? (compiler->site / "Cython").c_str() : "not there; ftaudit headers install cython");
  return 0;
}

}  // namespace

void add_headers(Arguments& program, const ScanOptions&, const Choose& choose) {
  Arguments group = program.command("headers", "Headers of binding libraries, and Cython: list, install");
  group.needs_command();
  const auto packages = std::make_shared<std::vector<std::string>>();
  Arguments install = group.command("install", "Fetch the newest wheels and keep their headers; runs nothing of them");
  install.texts("PACKAGE", *packages, "pybind11, nanobind, numpy, cppy, cython").required();
  install.when_chosen([=] { choose({.run = [packages](const Console&) { return headers_install(*packages); }}); });
  group.command("list", "Show what is there").when_chosen([=] {
    choose({.run = [](const Console&) { return headers_list(); }});
  });
}

}  // namespace ftaudit::cli
