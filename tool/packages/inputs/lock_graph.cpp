#include "packages/inputs/lock_graph.h"

#include <algorithm>
#include <deque>

#include "base/text.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

class Follower {
 public:
  Follower(std::vector<LockedPackage> packages, Reading& reading)
      : packages_(std::move(packages)), reading_(reading), reached_(packages_.size()) {
    for (std::size_t i = 0; i < packages_.size(); ++i)
      by_name_[normal_name(packages_[i].wanted.requirement.name)].push_back(i);
  }

  void from(const std::vector<LockedNeed>& roots) {
    for (const LockedNeed& need : roots)
      if (auto at = reach(need, {})) packages_[*at].wanted.direct = true;
    while (!pending_.empty()) {
      auto [at, extra] = pending_.front();
      pending_.pop_front();
      const LockedPackage& package = packages_[at];
      const auto found = package.needs_by_extra.find(extra);
      if (!extra.empty() && found == package.needs_by_extra.end()) continue;
      const std::vector<LockedNeed> needs = extra.empty() ? package.needs : found->second;
      for (const LockedNeed& need : needs)
        if (reach(need, reached_[at])) {
          auto& names = packages_[at].wanted.depends_on;
          std::string name = normal_name(need.name);
          if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
        }
    }
    for (std::size_t i = 0; i < packages_.size(); ++i)
      if (!reached_[i].empty()) reading_.input.wanted.push_back(std::move(packages_[i].wanted));
  }

 private:
  bool holds(const std::string& text, const Origin& origin, std::span<const std::string> extras) {
    if (text.empty()) return true;
    auto marker = Marker::parse(text);
    if (!marker.ok()) {
      reading_.remark(origin, marker.message(), false);
      return true;
    }
    return marker->holds(reading_.environment, extras);
  }

  // The package a need leads to on this target.
  std::optional<std::size_t> reach(const LockedNeed& need, const std::vector<std::string>& from_extras) {
    auto found = by_name_.find(normal_name(need.name));
    if (found == by_name_.end()) {
      if (complained_.insert(normal_name(need.name)).second)
        reading_.remark({reading_.input.read.empty() ? "" : reading_.input.read.back(), 0},
                        "\"" + need.name + "\" is needed but not locked: the lock file is out of date");
      return std::nullopt;
    }
    const Origin& origin = packages_[found->second.front()].wanted.origin;
    std::vector<std::string> extras;
    std::ranges::copy_if(from_extras, std::back_inserter(extras),
                         [](const std::string& extra) { return !extra.empty(); });
    if (!holds(need.marker, origin, extras)) return std::nullopt;
    for (std::size_t at : found->second) {
      const LockedPackage& package = packages_[at];
      if (!need.version.empty() && package.wanted.version != need.version) continue;
      if (!package.markers.empty() &&
          std::ranges::none_of(package.markers, [&](const std::string& marker) { return holds(marker, origin, {}); }))
        continue;
      add(at, "");
      for (const std::string& extra : need.extras) add(at, normal_name(extra));
      return at;
    }
    return std::nullopt;
  }

  void add(std::size_t at, const std::string& extra) {
    if (std::ranges::find(reached_[at], extra) != reached_[at].end()) return;
    reached_[at].push_back(extra);
    if (!extra.empty()) packages_[at].wanted.requirement.extras.push_back(extra);
    pending_.emplace_back(at, extra);
  }

  std::vector<LockedPackage> packages_;
  Reading& reading_;
  std::map<std::string, std::vector<std::size_t>> by_name_;
  std::vector<std::vector<std::string>> reached_;  // by package: the extras it was reached with, "" for itself
  std::deque<std::pair<std::size_t, std::string>> pending_;
  std::set<std::string> complained_;
};

}  // namespace

void follow(std::vector<LockedPackage> packages, const std::vector<LockedNeed>& roots, Reading& reading) {
  Follower(std::move(packages), reading).from(roots);
}

std::vector<LockedNeed> nobody_needs(const std::vector<LockedPackage>& packages) {
  std::set<std::string> needed;
  for (const LockedPackage& package : packages) {
    auto note = [&](const LockedNeed& need) {
      if (std::string name = normal_name(need.name); name != normal_name(package.wanted.requirement.name))
        needed.insert(std::move(name));
    };
    std::ranges::for_each(package.needs, note);
    for (const auto& [extra, needs] : package.needs_by_extra) std::ranges::for_each(needs, note);
  }
  std::vector<LockedNeed> roots;
  for (const LockedPackage& package : packages)
    if (!needed.contains(normal_name(package.wanted.requirement.name)))
      roots.push_back({package.wanted.requirement.name, package.wanted.version, {}, {}});
  return roots;
}

}  // namespace ftaudit::packages
