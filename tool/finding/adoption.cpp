#include "finding/adoption.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ftaudit {
namespace {

struct StandingNames {
  std::string_view key, title;
};
// In the order of the enumeration.
constexpr std::array<StandingNames, 8> standings{{
    {"pure-python", "works (pure Python)"},
    {"supports", "supports"},
    {"declared-only", "declared only"},
    {"hazards-found", "claims support, hazards found"},
    {"unknown", "unknown"},
    {"no-wheel", "no free-threaded wheel"},
    {"switches-gil-on", "switches the GIL on"},
    {"cannot-install", "cannot install"},
}};

constexpr std::array<std::string_view, 4> workloads{"mixed", "io", "cpu", "numeric"};

}  // namespace

std::string_view name_of(Standing standing) { return standings[static_cast<std::size_t>(standing)].key; }
std::string_view title_of(Standing standing) { return standings[static_cast<std::size_t>(standing)].title; }

std::optional<Standing> standing_named(std::string_view name) {
  for (std::size_t i = 0; i < standings.size(); ++i)
    if (standings[i].key == name) return static_cast<Standing>(i);
  return std::nullopt;
}

std::string_view name_of(Builds builds) {
  return builds == Builds::yes ? "yes" : builds == Builds::no ? "no" : "unknown";
}

std::string_view name_of(Workload workload) { return workloads[static_cast<std::size_t>(workload)]; }

std::optional<Workload> workload_named(std::string_view name) {
  const auto found = std::find(workloads.begin(), workloads.end(), name);
  if (found == workloads.end()) return std::nullopt;
  return static_cast<Workload>(found - workloads.begin());
}

std::string_view name_of(Recommendation recommendation) {
  return recommendation == Recommendation::go        ? "go"
         : recommendation == Recommendation::staging ? "staging"
         : recommendation == Recommendation::stay    ? "stay"
         : recommendation == Recommendation::none    ? "none"
                                                     : "not-yet";
}
std::string_view title_of(Recommendation recommendation) {
  return recommendation == Recommendation::not_yet ? "not yet"
         : recommendation == Recommendation::none  ? "nothing can be said"
                                                   : name_of(recommendation);
}

std::string_view name_of(Action::Kind kind) {
  switch (kind) {
    case Action::Kind::upgrade: return "upgrade";
    case Action::Kind::replace: return "replace";
    case Action::Kind::ask: return "ask";
    case Action::Kind::build: return "build";
    case Action::Kind::look: break;
  }
  return "look";
}

std::vector<std::pair<Standing, std::uint64_t>> by_standing(const AdoptionReport& report) {
  std::array<std::uint64_t, standings.size()> counts{};
  for (const PackageReport& package : report.packages) ++counts[static_cast<std::size_t>(package.standing)];
  std::vector<std::pair<Standing, std::uint64_t>> out;
  for (std::size_t i = counts.size(); i-- > 0;)
    if (counts[i] != 0) out.emplace_back(static_cast<Standing>(i), counts[i]);
  return out;
}

namespace {

bool blocks(const PackageReport& package) {
  return package.standing == Standing::enables_gil || package.standing == Standing::cannot_install ||
         package.standing == Standing::hazards ||
         (package.standing == Standing::no_wheel && package.builds != Builds::yes);
}

}  // namespace

std::vector<Blocking> blocking(const AdoptionReport& report) {
  std::vector<Blocking> out;
  if (report.inputs.size() < 2) return out;
  for (const PackageReport& package : report.packages)
    if (blocks(package)) out.push_back({&package, package.applications.size()});
  std::stable_sort(out.begin(), out.end(),
                   [](const Blocking& a, const Blocking& b) { return a.applications > b.applications; });
  return out;
}

Inputs inputs_of(const AdoptionReport& report) {
  std::set<std::string> known, blocked;
  for (const PackageReport& package : report.packages) {
    known.insert(package.applications.begin(), package.applications.end());
    if (blocks(package)) blocked.insert(package.applications.begin(), package.applications.end());
  }
  const std::size_t all = report.inputs.size();
  return {.all = all, .free = known.size() - blocked.size(), .unknown = all - std::min(known.size(), all)};
}

std::optional<FailOn> fail_on_named(std::string_view name) {
  if (name == "never") return FailOn::never;
  if (name == "gil") return FailOn::gil;
  if (name == "unsupported") return FailOn::unsupported;
  if (name == "unknown") return FailOn::unknown;
  return std::nullopt;
}

int exit_code(const AdoptionReport& report, FailOn fail_on) {
  const auto fails = [fail_on](const PackageReport& package) {
    switch (package.standing) {
      case Standing::enables_gil: return fail_on >= FailOn::gil;
      case Standing::cannot_install:
      case Standing::no_wheel:
      case Standing::hazards: return fail_on >= FailOn::unsupported;
      case Standing::unknown: return fail_on >= FailOn::unknown;
      case Standing::pure:
      case Standing::supports:
      case Standing::declared_only: break;
    }
    return false;
  };
  if (std::any_of(report.packages.begin(), report.packages.end(), fails)) return 1;
  if (fail_on >= FailOn::unsupported && report.application && !report.application->against.empty()) return 1;
  // What nobody knows anything of is no good news.
  const bool judged = std::any_of(report.packages.begin(), report.packages.end(), [](const PackageReport& package) {
    return package.known && package.standing != Standing::unknown;
  });
  const bool untold =
      report.application && report.application->measured && report.advice.recommendation == Recommendation::none;
  return !judged || report.incomplete || untold ? 3 : 0;
}

std::vector<Change> changes(const std::vector<PackageReport>& before, const std::vector<PackageReport>& after) {
  std::map<std::string, Change> all;
  for (const PackageReport& package : before) {
    Change& change = all[package.name];
    change.before_version = package.version, change.before = package.standing;
  }
  for (const PackageReport& package : after) {
    Change& change = all[package.name];
    change.after_version = package.version, change.after = package.standing;
  }
  std::vector<Change> out;
  for (auto& [name, change] : all) {
    if (change.before == change.after && change.before_version == change.after_version) continue;
    change.package = name;
    out.push_back(change);
  }
  return out;
}

}  // namespace ftaudit
