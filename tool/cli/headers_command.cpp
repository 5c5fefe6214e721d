#include "cli/headers_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "headers/carried.h"
#include "python/header_package.h"

namespace ftaudit::cli {

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

int headers_list() {
  for (const python::HeaderPackage& package : python::header_packages()) {
    const std::string name(package.name);
    const std::vector<fs::path> folders = python::find_header_package(name);
    std::printf("%-9s %s\n", name.c_str(),
                (folders.empty() ? "not there; ftaudit headers install " + name : headers::shown(folders.front())).c_str());
  }
  return 0;
}

}  // namespace ftaudit::cli
