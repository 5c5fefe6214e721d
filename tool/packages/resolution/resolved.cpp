#include "packages/resolution/resolved.h"

#include <algorithm>
#include <deque>
#include <map>

#include "packages/names/names.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {

namespace {

// What a wheel in a folder says itself of what it needs.
void read_needs(Resolved& wheel, const Environment& environment) {
  const std::unique_ptr<ByteSource> source = open_file(wheel.path);
  const Result<Wheel> read = read_wheel(*source, {}, false);
  const Result<Metadata> metadata = read.ok() ? parse_metadata(read->metadata) : Result<Metadata>(read.error());
  if (!metadata.ok()) return;
  wheel.requires_known = true;
  for (const std::string& text : metadata->requires_dist) {
    const Result<Requirement> need = parse_requirement(text);
    if (need.ok() && need->holds(environment)) wheel.requires_.push_back(normal_name(need->name));
  }
}

}  // namespace

Resolution already_chosen(const Input& input, const Target& target) {
  Resolution resolution;
  resolution.resolver = "none: versions are exact in " + (input.read.empty() ? "the input" : input.read.front());
  std::map<std::string, Resolved> results;
  for (const Wanted& wanted : input.wanted) {
    const std::string name = wanted.requirement.name.empty()
                                 ? (wanted.path.empty() ? shown_url(wanted.url) : wanted.path.string())
                                 : wanted.requirement.name;
    // A folder may hold wheels of several versions: each is looked at.
    Resolved& resolved = results[normal_name(name) + " " + wanted.version + " " +
                                 (wanted.kind == Wanted::Kind::wheel ? wanted.path.filename().string() : "")];
    resolved.name = name;
    resolved.version = wanted.version;
    resolved.kind = wanted.kind;
    resolved.path = wanted.path;
    resolved.url = wanted.url;
    resolved.direct |= wanted.direct;
    if (wanted.direct || resolved.origins.empty()) resolved.origins.push_back(wanted.origin);
    resolved.requires_ = wanted.depends_on;
    resolved.requires_known = wanted.depends_on_known;
    if (wanted.kind == Wanted::Kind::wheel && !wanted.path.empty() && !wanted.depends_on_known)
      read_needs(resolved, marker_environment(target));
  }
  for (auto& [key, resolved] : results) resolution.packages.push_back(std::move(resolved));
  return resolution;
}

void complete(Resolution& resolution) {
  std::map<std::string, std::vector<std::size_t>> place;
  for (std::size_t i = 0; i < resolution.packages.size(); ++i) place[resolution.packages[i].key()].push_back(i);
  auto add = [](std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (std::size_t i = 0; i < resolution.packages.size(); ++i) {
    Resolved& package = resolution.packages[i];
    for (const std::string& need : package.requires_)
      for (std::size_t at : place[need]) add(resolution.packages[at].required_by, package.key());
    for (const std::string& by : package.required_by)
      for (std::size_t at : place[by]) add(resolution.packages[at].requires_, package.key());
  }
}

std::string Resolved::key() const { return normal_name(name); }

std::vector<std::string> Resolution::chain(const std::string& key) const {
  // Breadth first from the package upwards: the shortest way, and cycles end.
  std::map<std::string, const Resolved*> by_key;
  for (const Resolved& package : packages) by_key.emplace(package.key(), &package);
  std::map<std::string, std::string> below{{key, ""}};
  std::deque<std::string> pending{key};
  while (!pending.empty()) {
    const std::string at = pending.front();
    pending.pop_front();
    auto found = by_key.find(at);
    if (found == by_key.end()) continue;
    if (found->second->direct) {
      std::vector<std::string> names;
      for (std::string one = at; !one.empty(); one = below[one]) names.push_back(by_key.at(one)->name);
      return names;
    }
    for (const std::string& by : found->second->required_by)
      if (below.try_emplace(by, at).second) pending.push_back(by);
  }
  auto found = by_key.find(key);
  return {found == by_key.end() ? key : found->second->name};
}

}  // namespace ftaudit::packages
