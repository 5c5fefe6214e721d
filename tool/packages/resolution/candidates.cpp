// What is found out about packages without the resolver: names no index knows, releases that want a build, files and
// trees.
#include "packages/resolution/rounds.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "packages/inputs/inputs.h"
#include "packages/names/names.h"
#include "packages/resolution/stand_in.h"

namespace ftaudit::packages {

Resolved& Rounds::entry(const std::string& name) {
  Resolved& resolved = results_[normal_name(name)];
  if (resolved.name.empty()) resolved.name = name;
  if (auto asked = asked_.find(normal_name(name)); asked != asked_.end()) {
    resolved.origins = asked->second.origins;
    resolved.direct = !asked->second.origins.empty();
    if (const Wanted* place = asked->second.place) {
      resolved.kind = place->kind;
      resolved.path = place->path;
      resolved.url = place->url;
    }
  }
  return resolved;
}

void Rounds::fail(const std::string& name, Resolved::State state, std::string reason) {
  Resolved& resolved = entry(name);
  resolved.state = state;
  resolved.reason = std::move(reason);
  resolved.requires_known = false;
  const std::string key = normal_name(name);
  if (auto asked = asked_.find(key); asked != asked_.end()) asked->second.active = false;
  if (stood_in_.erase(key))
    std::erase_if(constraints_,
                  [&](const std::string& pin) { return normal_name(pin.substr(0, pin.find("=="))) == key; });
}

// For names that no index knows: what else this run has to do with, and what lies in folders.
void Rounds::name_nearest() {
  std::vector<std::string> names = index_.at_hand();
  for (const auto& [key, resolved] : results_)
    if (resolved.state != Resolved::State::missing) names.push_back(resolved.name);
  for (auto& [key, resolved] : results_)
    if (resolved.state == Resolved::State::missing) resolved.nearest = nearest_name(resolved.name, names);
}

void Rounds::add_asked(const Wanted& wanted, const std::string& by) {
  const std::string key = normal_name(wanted.requirement.name);
  Asked& asked = asked_[key];
  if (asked.name.empty()) asked.name = wanted.requirement.name;
  for (const std::string& extra : wanted.requirement.extras)
    if (std::ranges::find(asked.extras, extra) == asked.extras.end()) asked.extras.push_back(extra);
  if (!wanted.requirement.specifiers.empty()) asked.clauses.push_back(wanted.requirement.specifiers);
  if (by.empty()) asked.origins.push_back(wanted.origin);
  else asked_by_tree_[key].push_back(by);
  if (wanted.kind != Wanted::Kind::requirement && wanted.kind != Wanted::Kind::pinned) asked.place = &wanted;
  if (wanted.kind == Wanted::Kind::pinned && !wanted.version.empty())
    if (auto pin = Specifiers::parse("==" + wanted.version); pin.ok()) asked.clauses.push_back(std::move(*pin));
}

// Files, folders and repositories: what they need is read where that takes no build, and they themselves are stood in
// for.
void Rounds::look_at_place(const Wanted& wanted) {
  const std::string shown = wanted.path.empty() ? shown_url(wanted.url) : wanted.path.string();
  Resolved& resolved = entry(wanted.requirement.name.empty() ? shown : wanted.requirement.name);
  resolved.version = wanted.version;
  resolved.kind = wanted.kind;
  resolved.path = wanted.path;
  resolved.url = wanted.url;
  resolved.direct = true;
  if (resolved.origins.empty()) resolved.origins.push_back(wanted.origin);
  resolved.requires_known = false;
  std::vector<std::string> needs;
  if (wanted.kind == Wanted::Kind::source_tree) {
    InputOptions options{.target = options_.target, .extras = wanted.requirement.extras};
    std::error_code ignored;
    if (wanted.path.empty() || !fs::exists(wanted.path / "pyproject.toml", ignored)) {
      resolved.reason = "its dependencies are told only by its build, and ftaudit runs no code of packages";
      return;
    }
    auto tree = read_input((wanted.path / "pyproject.toml").string(), options);
    if (!tree.ok()) return void(resolved.reason = tree.message());
    resolved.requires_known = tree->remarks.empty();
    for (const Remark& remark : tree->remarks) remarks_.push_back(remark);
    for (const Wanted& need : tree->wanted) needs.push_back(need.requirement.text());
  } else {
    IndexFile file{.name = wanted.path.filename().string(), .url = wanted.url, .path = wanted.path};
    if (file.name.empty()) file.name = wanted.url.substr(wanted.url.rfind('/') + 1);
    Release release;
    (wanted.kind == Wanted::Kind::wheel ? release.wheels : release.sdists).push_back(file);
    auto metadata = metadata_without_building(index_, release);
    if (!metadata.ok()) return void(resolved.reason = metadata.message());
    resolved.requires_known = true;
    if (resolved.version.empty()) resolved.version = metadata->version;
    if (wanted.requirement.name.empty()) {
      needs = metadata->requires_dist;
    } else if (auto status = write_stand_in(stand_ins_->path(), resolved.name, resolved.version,
                                            metadata->requires_dist, metadata->provides_extra);
               status.ok()) {
      stood_in_[resolved.key()] = resolved.version;
      constraints_.push_back(resolved.name + "==" + resolved.version);
      return;
    }
  }
  const Environment environment = marker_environment(options_.target);
  for (const std::string& text : needs) {
    auto need = parse_requirement(text);
    if (!need.ok() || !need->holds(environment, wanted.requirement.extras)) continue;
    if (!need->holds(environment) && wanted.requirement.extras.empty()) continue;
    Wanted pulled;
    pulled.requirement = std::move(*need);
    if (!pulled.requirement.url.empty()) continue;  // a place of its own, named by somebody else's metadata
    add_asked(pulled, resolved.name);
  }
}

void Rounds::collect() {
  for (const Wanted& wanted : input_.wanted)
    if (!wanted.requirement.name.empty()) add_asked(wanted, {});
  for (const Wanted& wanted : input_.wanted)
    if (wanted.kind != Wanted::Kind::requirement && wanted.kind != Wanted::Kind::pinned) look_at_place(wanted);
  for (const Wanted& wanted : input_.constraints)
    if (wanted.requirement.url.empty() && !wanted.requirement.specifiers.empty())
      constraints_.push_back(wanted.requirement.name + wanted.requirement.specifiers.text());
}

bool Rounds::satisfies(const Asked* asked, const Version& version) const {
  if (!asked) return !version.is_prerelease() || options_.index.prereleases;
  bool prereleases = options_.index.prereleases;
  for (const Specifiers& clauses : asked->clauses)
    for (const Specifier& clause : clauses.clauses()) prereleases |= clause.admits_prereleases();
  if (version.is_prerelease() && !prereleases) return false;
  return std::ranges::all_of(asked->clauses,
                             [&](const Specifiers& clauses) { return clauses.contains(version, true); });
}

bool Rounds::has_usable(const std::vector<Release>& all, const Asked* asked) const {
  const bool pinned = asked && std::ranges::any_of(asked->clauses, [](const Specifiers& clauses) {
                        return clauses.pinned().has_value();
                      });
  return std::ranges::any_of(all, [&](const Release& release) {
    return release.chosen && (!release.yanked || pinned) && satisfies(asked, release.version);
  });
}

// The newest release that asks for a build, or that only a free-threaded interpreter takes.
const Release* Rounds::buildable(const std::vector<Release>& all, const std::vector<Release>& on_target,
                                 const Asked* asked) const {
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (it->yanked || !it->python_fits || !satisfies(asked, it->version)) continue;
    const Release* here = find_release(on_target, it->version.text());
    if (!it->sdists.empty() || (here && here->chosen)) return &*it;
  }
  return nullptr;
}

void Rounds::stand_in_for(const std::string& name, const Release& release) {
  const std::string version = release.version.text();
  auto metadata = metadata_without_building(index_, release);
  Resolved& resolved = entry(name);
  if (!metadata.ok()) {
    resolved.requires_known = false;
    resolved.reason = "its dependencies are unknown: " + metadata.message();
  }
  auto status = write_stand_in(stand_ins_->path(), name, version,
                               metadata.ok() ? metadata->requires_dist : std::vector<std::string>(),
                               metadata.ok() ? metadata->provides_extra : std::vector<std::string>());
  if (!status.ok()) log::warning(status.message());
  stood_in_[normal_name(name)] = version;
  constraints_.push_back(name + "==" + version);
}

// Whether what was asked for needs `name`, directly or through others, by their own metadata: words of an error are no
// packages.
bool Rounds::is_needed(const std::string& name) {
  constexpr std::size_t most = 400;
  if (!needed_) {
    needed_.emplace();
    std::vector<std::string> level;
    for (const auto& [key, asked] : asked_) level.push_back(key);
    while (!level.empty() && needed_->size() < most) {
      index_.prefetch(level);
      std::vector<std::string> next;
      for (const std::string& one : level) {
        if (!needed_->insert(one).second || needed_->size() >= most) continue;
        const auto found = asked_.find(one);
        const Asked* asked = found == asked_.end() ? nullptr : &found->second;
        const std::vector<Release> all = releases(index_.project(one), one, gil_);
        const auto newest = std::find_if(all.rbegin(), all.rend(),
                                         [&](const Release& release) { return satisfies(asked, release.version); });
        if (newest == all.rend()) continue;
        const auto metadata = metadata_without_building(index_, *newest);
        if (!metadata.ok()) continue;
        for (const std::string& text : metadata->requires_dist)
          if (auto need = parse_requirement(text); need.ok()) next.push_back(normal_name(need->name));
      }
      level = std::move(next);
    }
  }
  return needed_->contains(normal_name(name));
}

// Without an end of the resolver's: the newest release of each package that was named.
void Rounds::take_newest(ResolverAnswer& answer) {
  answer.choices.clear();
  for (auto& [key, asked] : asked_) {
    if (!asked.active || asked.place) continue;
    const std::vector<Release> all = releases(index_.project(asked.name), asked.name, gil_);
    const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const Release& release) {
      return release.chosen && !release.yanked && satisfies(&asked, release.version);
    });
    if (newest == all.rend()) continue;
    answer.choices.push_back({.name = asked.name, .version = newest->version.text()});
    entry(asked.name).requires_known = false;
  }
  answer.solved = true;
  remarks_.push_back(
      {{},
       resolver_.name() + " did not come to an end in " + std::to_string(options_.timeout.count()) +
           " s, or said nothing for " + std::to_string(options_.silence.count()) +
           " s: the newest release of each package that was named is judged, and nothing of what they need" +
           (resolver_.name().starts_with("pip") ? "; uv resolves faster" : ""),
       true});
}

// Where the resolver's choice is older than what would do alone, that is worth a word.
void Rounds::note_older(Resolved& resolved, const ResolverChoice& choice) {
  const auto found = asked_.find(normal_name(choice.name));
  const Asked* asked = found == asked_.end() ? nullptr : &found->second;
  if (asked != nullptr && asked->place != nullptr) return;
  const auto chosen = Version::parse(choice.version);
  const std::vector<Release> all = releases(index_.project(choice.name), choice.name, gil_);
  const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const Release& release) {
    return !release.yanked && release.python_fits && satisfies(asked, release.version);
  });
  if (!chosen || newest == all.rend() || newest->version <= *chosen) return;
  resolved.newest = newest->version.text();
  resolved.for_its_wheel = pinned_for_wheels_.contains(normal_name(choice.name));
}

// Finds out about a package what a resolver would fail over. True: something was done about it.
bool Rounds::diagnose(const std::string& name) {
  if (!diagnosed_.insert(normal_name(name)).second) return false;
  const ProjectPage& page = index_.project(name);
  for (const std::string& remark : page.remarks) remarks_.push_back({{}, remark, false});
  auto found = asked_.find(normal_name(name));
  const Asked* asked = found == asked_.end() ? nullptr : &found->second;
  if (page.state != ProjectPage::State::found) {
    // A word of the resolver's sentence, and no package of ours.
    if (!asked && page.state == ProjectPage::State::missing) return false;
    fail(name, page.state == ProjectPage::State::missing ? Resolved::State::missing : Resolved::State::unreachable,
         page.reason);
    return true;
  }
  const std::vector<Release> all = releases(page, name, gil_);
  if (has_usable(all, asked)) return false;
  if (const Release* release = buildable(all, on_target(name), asked)) {
    stand_in_for(name, *release);
    return true;
  }
  if (!asked) return false;
  std::string clauses;
  for (const Specifiers& one : asked->clauses) clauses += (clauses.empty() ? "" : ",") + one.text();
  const bool any = std::ranges::any_of(all, [&](const Release& release) { return satisfies(asked, release.version); });
  const std::string newest = availability(all).newest;
  if (!any)
    fail(name, Resolved::State::no_version,
         "no release satisfies \"" + clauses + "\"" + (newest.empty() ? "" : "; the newest is " + newest));
  else
    fail(name, Resolved::State::no_version,
         "no release " + (clauses.empty() ? std::string() : "that satisfies \"" + clauses + "\" ") +
             "has a wheel for Python " + options_.target.python() + " on " + options_.target.platform.text() +
             ", or sources that take this Python");
  return true;
}

}  // namespace ftaudit::packages
