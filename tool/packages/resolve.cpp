#include "packages/resolve.h"

#include <algorithm>
#include <deque>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "packages/input_formats.h"
#include "packages/name.h"
#include "packages/nearest_name.h"
#include "packages/resolver.h"
#include "packages/stand_in.h"

namespace ftaudit::packages {
namespace {

// Each round takes at least one package out of the resolver's way.
constexpr int most_rounds = 60;
// Requirements of a conflict that are left out by way of trial.
constexpr std::size_t most_trials = 6;

// What the user asked for under one name, all places together.
struct Asked {
  std::string name;
  std::vector<std::string> extras;
  std::vector<Specifiers> clauses;
  std::vector<Origin> origins;
  const Wanted* place = nullptr;   // a file, folder or URL instead of an index
  bool active = true;              // still put to the resolver
};

class Resolving {
 public:
  Resolving(const Input& input, const ResolveOptions& options, Index& index, Progress& progress, Resolver& resolver)
      : input_(input), options_(options), index_(index), progress_(progress), resolver_(resolver), gil_(with_gil(options.target)) {}

  Result<Resolution> all();

 private:
  void collect();
  void add_asked(const Wanted& wanted, const std::string& by);
  void look_at_place(const Wanted& wanted);
  void look_before(Asked& asked);
  bool satisfies(const Asked* asked, const Version& version) const;
  const Release* buildable(const std::vector<Release>& all, const Asked* asked) const;
  bool has_usable(const std::vector<Release>& all, const Asked* asked) const;
  void stand_in_for(const std::string& name, const Release& release);
  bool look_at_blamed(const ResolverAnswer& answer);
  bool diagnose(const std::string& name);
  void set_aside(const ResolverAnswer& answer);
  Result<ResolverAnswer> ask(const std::vector<std::string>& more_constraints, const std::string& without = {});
  std::vector<std::string> prefer_free_threaded(const ResolverAnswer& answer);
  void report(const ResolverAnswer& answer);
  void fail(const std::string& name, Resolved::State state, std::string reason);
  Resolved& entry(const std::string& name);
  void name_nearest();

  const Input& input_;
  const ResolveOptions& options_;
  Index& index_;
  Progress& progress_;
  Resolver& resolver_;
  Target gil_;
  std::optional<ScratchFolder> stand_ins_;
  std::map<std::string, Asked> asked_;                            // by normal name
  std::map<std::string, std::vector<std::string>> asked_by_tree_; // by normal name: source trees that need it
  std::map<std::string, std::string> stood_in_;                   // by normal name: version
  std::set<std::string> diagnosed_;
  std::vector<std::string> constraints_;
  std::map<std::string, Resolved> results_;
  std::vector<Remark> remarks_;
  std::chrono::milliseconds took_{0};
};

Resolved& Resolving::entry(const std::string& name) {
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

void Resolving::fail(const std::string& name, Resolved::State state, std::string reason) {
  Resolved& resolved = entry(name);
  resolved.state = state;
  resolved.reason = std::move(reason);
  resolved.requires_known = false;
  const std::string key = normal_name(name);
  if (auto asked = asked_.find(key); asked != asked_.end()) asked->second.active = false;
  if (stood_in_.erase(key)) std::erase_if(constraints_, [&](const std::string& pin) { return normal_name(pin.substr(0, pin.find("=="))) == key; });
}

// For names that no index knows: what else this run has to do with.
void Resolving::name_nearest() {
  std::vector<std::string> names;
  for (const auto& [key, resolved] : results_)
    if (resolved.state != Resolved::State::missing) names.push_back(resolved.name);
  for (auto& [key, resolved] : results_)
    if (resolved.state == Resolved::State::missing) resolved.nearest = nearest_name(resolved.name, names);
}

void Resolving::add_asked(const Wanted& wanted, const std::string& by) {
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

// Files, folders and repositories: what they need is read where that takes no build, and they themselves are stood in for.
void Resolving::look_at_place(const Wanted& wanted) {
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
    } else if (auto status = write_stand_in(stand_ins_->path(), resolved.name, resolved.version, metadata->requires_dist, metadata->provides_extra); status.ok()) {
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

void Resolving::collect() {
  for (const Wanted& wanted : input_.wanted)
    if (!wanted.requirement.name.empty()) add_asked(wanted, {});
  for (const Wanted& wanted : input_.wanted)
    if (wanted.kind != Wanted::Kind::requirement && wanted.kind != Wanted::Kind::pinned) look_at_place(wanted);
  for (const Wanted& wanted : input_.constraints)
    if (wanted.requirement.url.empty() && !wanted.requirement.specifiers.empty())
      constraints_.push_back(wanted.requirement.name + wanted.requirement.specifiers.text());
}

bool Resolving::satisfies(const Asked* asked, const Version& version) const {
  if (!asked) return !version.is_prerelease() || options_.index.prereleases;
  bool prereleases = options_.index.prereleases;
  for (const Specifiers& clauses : asked->clauses)
    for (const Specifier& clause : clauses.clauses()) prereleases |= clause.admits_prereleases();
  if (version.is_prerelease() && !prereleases) return false;
  return std::ranges::all_of(asked->clauses, [&](const Specifiers& clauses) { return clauses.contains(version, true); });
}

bool Resolving::has_usable(const std::vector<Release>& all, const Asked* asked) const {
  const bool pinned = asked && std::ranges::any_of(asked->clauses, [](const Specifiers& clauses) { return clauses.pinned().has_value(); });
  return std::ranges::any_of(all, [&](const Release& release) { return release.chosen && (!release.yanked || pinned) && satisfies(asked, release.version); });
}

// The newest release that asks for a build, or that only a free-threaded interpreter takes.
const Release* Resolving::buildable(const std::vector<Release>& all, const Asked* asked) const {
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    if (!it->yanked && it->python_fits && !it->sdists.empty() && satisfies(asked, it->version)) return &*it;
  return nullptr;
}

void Resolving::stand_in_for(const std::string& name, const Release& release) {
  const std::string version = release.version.text();
  auto metadata = metadata_without_building(index_, release);
  Resolved& resolved = entry(name);
  resolved.gil_metadata = true;
  if (!metadata.ok()) {
    resolved.requires_known = false;
    resolved.reason = "its dependencies are unknown: " + metadata.message();
  }
  auto status = write_stand_in(stand_ins_->path(), name, version, metadata.ok() ? metadata->requires_dist : std::vector<std::string>(),
                               metadata.ok() ? metadata->provides_extra : std::vector<std::string>());
  if (!status.ok()) log::warning(status.message());
  stood_in_[normal_name(name)] = version;
  constraints_.push_back(name + "==" + version);
}

// Finds out about a package what a resolver would fail over. True: something was done about it.
bool Resolving::diagnose(const std::string& name) {
  if (!diagnosed_.insert(normal_name(name)).second) return false;
  const ProjectPage page = index_.project(name);
  for (const std::string& remark : page.remarks) remarks_.push_back({{}, remark, false});
  auto found = asked_.find(normal_name(name));
  const Asked* asked = found == asked_.end() ? nullptr : &found->second;
  if (page.state != ProjectPage::State::found) {
    // A word of the resolver's sentence, and no package of ours.
    if (!asked && page.state == ProjectPage::State::missing) return false;
    fail(name, Resolved::State::missing, page.reason);
    return true;
  }
  const std::vector<Release> all = releases(page, name, gil_);
  if (has_usable(all, asked)) return false;
  if (const Release* release = buildable(all, asked)) {
    stand_in_for(name, *release);
    return true;
  }
  if (!asked) return false;
  std::string clauses;
  for (const Specifiers& one : asked->clauses) clauses += (clauses.empty() ? "" : ",") + one.text();
  const bool any = std::ranges::any_of(all, [&](const Release& release) { return satisfies(asked, release.version); });
  const std::string newest = availability(all).newest;
  if (!any) fail(name, Resolved::State::no_version, "no release satisfies \"" + clauses + "\"" + (newest.empty() ? "" : "; the newest is " + newest));
  else fail(name, Resolved::State::no_version, "no release " + (clauses.empty() ? std::string() : "that satisfies \"" + clauses + "\" ") + "has a wheel for Python " +
                  options_.target.python() + " on " + options_.target.platform.text() + ", or sources that take this Python");
  return true;
}

bool Resolving::look_at_blamed(const ResolverAnswer& answer) {
  bool changed = false;
  std::size_t asked_about = 0;
  for (const std::string& name : answer.blamed)
    if (!diagnosed_.contains(name) && ++asked_about <= 12) changed |= diagnose(name);
  return changed;
}

// One paragraph out of the resolver's lines.
std::string condensed(std::string_view error) {
  std::string text;
  for (const std::string& line : split(error, '\n')) {
    std::string_view part = trim(line);
    for (std::string_view start : {"error:", "ERROR:", "cause:", "×", "╰─▶"})
      if (part.starts_with(start)) part = trim(part.substr(start.size()));
    if (part.empty() || part.starts_with("hint:") || part.starts_with("WARNING:") || part.starts_with("[notice]")) continue;
    text += (text.empty() ? "" : " ") + std::string(part);
  }
  if (text.size() > 600) text = text.substr(0, 600) + "...";
  return text;
}

// A real conflict: one requirement goes, so that the rest can be told. Best one without which the others go together.
void Resolving::set_aside(const ResolverAnswer& answer) {
  std::vector<std::string> candidates;
  for (const std::string& name : answer.blamed)
    if (auto asked = asked_.find(name); asked != asked_.end() && asked->second.active) candidates.push_back(name);
  if (candidates.empty())
    for (const auto& [name, asked] : asked_)
      if (asked.active) candidates = {name};
  if (candidates.empty()) return;
  std::string guilty = candidates.back();
  for (std::size_t i = candidates.size(); i > 0 && candidates.size() > 1 && i + most_trials > candidates.size(); --i) {
    auto without = ask({}, candidates[i - 1]);
    if (!without.ok() || !without->solved) continue;
    guilty = candidates[i - 1];
    break;
  }
  const std::string words = condensed(answer.error);
  const bool conflict = words.find("onflict") != std::string::npos || words.find("unsatisfiable") != std::string::npos || words.find("cannot be used") != std::string::npos;
  fail(asked_[guilty].name, conflict ? Resolved::State::conflict : Resolved::State::not_resolved, resolver_.name() + " says: " + words);
}

Result<ResolverAnswer> Resolving::ask(const std::vector<std::string>& more_constraints, const std::string& without) {
  ResolverQuestion question;
  for (const std::string& constraint : constraints_)
    if (without.empty() || normal_name(constraint.substr(0, constraint.find_first_of("=<>!~"))) != without) question.constraints.push_back(constraint);
  question.constraints.insert(question.constraints.end(), more_constraints.begin(), more_constraints.end());
  question.stand_ins = stand_ins_->path();
  for (const auto& [key, asked] : asked_) {
    if (!asked.active || key == without || (asked.place && !stood_in_.contains(key))) continue;
    std::string line = asked.name + (asked.extras.empty() ? "" : "[" + ftaudit::join(asked.extras, ",") + "]");
    std::string clauses;
    for (const Specifiers& one : asked.clauses) clauses += (clauses.empty() ? "" : ",") + one.text();
    question.requirements.push_back(line + clauses);
  }
  if (question.requirements.empty()) return ResolverAnswer{.solved = true};
  const auto start = std::chrono::steady_clock::now();
  auto answer = resolver_.ask(question);
  took_ += std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return answer;
}

// Versions with a wheel of the free-threaded ABI are better than newer ones without.
std::vector<std::string> Resolving::prefer_free_threaded(const ResolverAnswer& answer) {
  std::vector<std::string> names, pins;
  for (const ResolverChoice& choice : answer.choices) names.push_back(choice.name);
  index_.prefetch(names);
  for (const ResolverChoice& choice : answer.choices) {
    if (stood_in_.contains(normal_name(choice.name))) continue;
    const ProjectPage page = index_.project(choice.name);
    if (page.state != ProjectPage::State::found) continue;
    const std::vector<Release> all = releases(page, choice.name, options_.target);
    const Release* chosen = find_release(all, choice.version);
    if (!chosen || chosen->chosen) continue;
    auto asked = asked_.find(normal_name(choice.name));
    const Asked* of = asked == asked_.end() ? nullptr : &asked->second;
    for (auto it = all.rbegin(); it != all.rend(); ++it)
      if (it->chosen && !it->yanked && satisfies(of, it->version) && (*it->best == Fit::free_threaded || *it->best == Fit::stable_abi_t)) {
        pins.push_back(choice.name + "==" + it->version.text());
        break;
      }
  }
  return pins;
}

void Resolving::report(const ResolverAnswer& answer) {
  for (const ResolverChoice& choice : answer.choices) {
    Resolved& resolved = entry(choice.name);
    if (resolved.state != Resolved::State::chosen) {  // not as the user asked for it, but somebody else's need was met
      resolved.reason += "; " + choice.version + " is pulled in by " + ftaudit::join(choice.required_by, ", ");
      continue;
    }
    resolved.version = choice.version;
    if (resolved.path.empty() && !stood_in_.contains(resolved.key())) resolved.url = choice.url;
    resolved.required_by = choice.required_by;
    const ProjectPage page = index_.project(choice.name);
    const auto all = releases(page, choice.name, options_.target);
    if (const Release* release = find_release(all, choice.version)) {
      resolved.gil_metadata |= options_.target.free_threaded && !release->chosen;
      if (release->yanked) {
        resolved.yanked = true;
        resolved.reason = "withdrawn by its authors" + (release->yank_reason.empty() ? std::string() : ": " + release->yank_reason);
      }
    }
  }
  // Looked into because of a resolver's words, but no part of what it chose.
  std::erase_if(results_, [&](const auto& result) {
    const auto& [key, resolved] = result;
    return !resolved.direct && resolved.version.empty() && resolved.state == Resolved::State::chosen;
  });
  for (const auto& [key, trees] : asked_by_tree_)
    if (auto found = results_.find(key); found != results_.end())
      for (const std::string& tree : trees)
        if (std::string by = normal_name(tree); std::ranges::find(found->second.required_by, by) == found->second.required_by.end()) found->second.required_by.push_back(by);
}

Result<Resolution> Resolving::all() {
  auto folder = ScratchFolder::make("stand-ins");
  if (!folder.ok()) return folder.error();
  stand_ins_ = std::move(*folder);
  collect();
  std::vector<std::string> names;
  for (const auto& [key, asked] : asked_)
    if (!asked.place) names.push_back(asked.name);
  progress_.stage("asking the index", names.size());
  index_.prefetch(names);
  for (const std::string& name : names) diagnose(name);
  progress_.finish();

  Resolution resolution;
  resolution.resolver = resolver_.name();
  progress_.stage("resolving", 0);
  ResolverAnswer answer;
  for (int round = 0;; ++round) {
    progress_.step(static_cast<std::size_t>(round), resolver_.name());
    auto asked = ask({});
    if (!asked.ok()) return asked.error();
    answer = std::move(*asked);
    if (answer.solved) break;
    log::debug(resolver_.name() + ": " + answer.error);
    if (round == most_rounds) {
      for (const auto& [key, one] : asked_)
        if (one.active) fail(one.name, Resolved::State::not_resolved, "gave up after " + std::to_string(most_rounds) + " attempts; " + condensed(answer.error));
      break;
    }
    if (!look_at_blamed(answer)) set_aside(answer);
  }
  if (answer.solved && options_.target.free_threaded)
    if (auto pins = prefer_free_threaded(answer); !pins.empty()) {
      // Those that the resolver will not have together with the rest are let go.
      for (int attempt = 0; attempt < 5 && !pins.empty(); ++attempt) {
        auto better = ask(pins);
        if (!better.ok()) break;
        if (better->solved) {
          answer = std::move(*better);
          break;
        }
        const auto dropped = std::erase_if(pins, [&](const std::string& pin) {
          return std::ranges::find(better->blamed, normal_name(pin.substr(0, pin.find("==")))) != better->blamed.end();
        });
        if (!dropped) break;
      }
    }
  resolution.took = took_;
  progress_.finish();
  report(answer);
  name_nearest();
  if (std::string caveat = resolver_.caveat(); !caveat.empty()) remarks_.push_back({{}, caveat, false});
  for (auto& [key, resolved] : results_) resolution.packages.push_back(std::move(resolved));
  resolution.remarks = std::move(remarks_);
  return resolution;
}

// A lock file or an environment has chosen already.
Resolution already_chosen(const Input& input) {
  Resolution resolution;
  resolution.resolver = "none: versions are exact in " + (input.read.empty() ? "the input" : input.read.front());
  std::map<std::string, Resolved> results;
  for (const Wanted& wanted : input.wanted) {
    const std::string name = wanted.requirement.name.empty() ? (wanted.path.empty() ? shown_url(wanted.url) : wanted.path.string()) : wanted.requirement.name;
    // A folder may hold wheels of several versions: each is looked at.
    Resolved& resolved = results[normal_name(name) + " " + wanted.version + " " + (wanted.kind == Wanted::Kind::wheel ? wanted.path.filename().string() : "")];
    resolved.name = name;
    resolved.version = wanted.version;
    resolved.kind = wanted.kind;
    resolved.path = wanted.path;
    resolved.url = wanted.url;
    resolved.direct |= wanted.direct;
    if (wanted.direct || resolved.origins.empty()) resolved.origins.push_back(wanted.origin);
    resolved.requires_ = wanted.depends_on;
    resolved.requires_known = wanted.depends_on_known;
  }
  for (auto& [key, resolved] : results) resolution.packages.push_back(std::move(resolved));
  return resolution;
}

// required_by and requires_ say the same; either may have come first.
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

}  // namespace

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

Result<Resolution> resolve(const Input& input, const ResolveOptions& options, Index& index, Progress& progress) {
  Resolution resolution;
  if (input.resolved) {
    resolution = already_chosen(input);
  } else {
    auto resolver = find_resolver(options);
    if (!resolver.ok()) return resolver.error();
    auto resolved = Resolving(input, options, index, progress, **resolver).all();
    if (!resolved.ok()) return resolved;
    resolution = std::move(*resolved);
  }
  complete(resolution);
  return resolution;
}

}  // namespace ftaudit::packages
