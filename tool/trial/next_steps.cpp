#include "trial/next_steps.h"

#include <algorithm>
#include <cctype>

#include "base/shell.h"

namespace ftaudit::trial {
namespace {

constexpr std::size_t most_packages = 6;

void add(std::vector<std::string>& list, std::string one) {
  if (!one.empty() && std::ranges::find(list, one) == list.end()) list.push_back(std::move(one));
}

// Proven before suspected, in the order of the table.
std::vector<std::string> blamed(const Trial& trial) {
  std::vector<std::string> out = {};
  for (const bool proven : {true, false})
    for (const TriedTest& test : trial.tests)
      if (stands_against(test.answer) && test.answer != TriedAnswer::interpreter && test.proven == proven)
        for (const std::string& name : test.guilty) add(out, name);
  return out;
}

// confirm takes a checkout; what came as a package is fetched and confirmed by report.
std::string confirm(const std::string& name, const Trial& trial, const Installed& free) {
  const auto found = std::ranges::find(free.distributions, name, &Distribution::name);
  if (found == free.distributions.end()) return {};
  if (free.is_application(*found)) return shell_line({"ftaudit", "confirm", trial.application});
  if (!found->folder.empty()) return shell_line({"ftaudit", "confirm", found->folder.string()});
  return shell_line({"ftaudit", "report", name + "==" + found->version, "--confirm", name});
}

}  // namespace

std::vector<std::string> next_steps(const Trial& trial, const Installed& free) {
  std::vector<std::string> out;
  for (const std::string& name : blamed(trial))
    if (out.size() < most_packages) add(out, confirm(name, trial, free));
  for (const TriedImport& one : trial.imports)
    if (one.switched_gil_on && !one.package.empty()) add(out, shell_line({"ftaudit", "report", one.package}));
  for (const TriedPackage& one : trial.packages)
    if (one.state == TriedPackage::State::cannot_install &&
        std::isalnum(static_cast<unsigned char>(one.name[0])) != 0 && one.name.find("://") == std::string::npos &&
        one.name.find(' ') == std::string::npos)
      add(out, shell_line({"ftaudit", "report", one.name}));
  return out;
}

}  // namespace ftaudit::trial
