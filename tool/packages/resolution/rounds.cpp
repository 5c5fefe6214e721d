#include "packages/resolution/rounds.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

// Each round takes at least one package out of the resolver's way.
constexpr int most_rounds = 60;
// Requirements of a conflict that are left out by way of trial.
constexpr std::size_t most_trials = 6;

// One paragraph out of the resolver's lines.
std::string condensed(std::string_view error) {
  std::string text;
  for (const std::string& line : split(error, '\n')) {
    std::string_view part = trim(line);
    for (std::string_view start : {"error:", "ERROR:", "cause:", "×", "╰─▶"})
      if (part.starts_with(start)) part = trim(part.substr(start.size()));
    if (part.empty() || part.starts_with("hint:") || part.starts_with("WARNING:") || part.starts_with("[notice]"))
      continue;
    text += (text.empty() ? "" : " ") + std::string(part);
  }
  if (text.size() > 600) text = text.substr(0, 600) + "...";
  return text;
}

}  // namespace

bool Rounds::look_at_blamed(const ResolverAnswer& answer) {
  bool changed = false;
  std::size_t asked_about = 0;
  for (const std::string& name : answer.blamed)
    if (!diagnosed_.contains(name) && (asked_.contains(name) || is_needed(name)) && ++asked_about <= 12)
      changed |= diagnose(name);
  return changed;
}

// A real conflict: one requirement goes, so that the rest can be told. Best one without which the others go together.
void Rounds::set_aside(const ResolverAnswer& answer) {
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
    if (without.ok() && without->gave_up) break;
    if (!without.ok() || !without->solved) continue;
    guilty = candidates[i - 1];
    break;
  }
  const std::string words = condensed(answer.error);
  const bool conflict = words.find("onflict") != std::string::npos ||
                        words.find("unsatisfiable") != std::string::npos ||
                        words.find("cannot be used") != std::string::npos;
  fail(asked_[guilty].name, conflict ? Resolved::State::conflict : Resolved::State::not_resolved,
       resolver_.name() + " says: " + words);
}

Result<ResolverAnswer> Rounds::ask(const std::vector<std::string>& more_constraints, const std::string& without) {
  ResolverQuestion question;
  for (const std::string& constraint : constraints_)
    if (without.empty() || normal_name(constraint.substr(0, constraint.find_first_of("=<>!~"))) != without)
      question.constraints.push_back(constraint);
  question.constraints.insert(question.constraints.end(), more_constraints.begin(), more_constraints.end());
  question.stand_ins = stand_ins_->path();
  // What it does is shown while it does it: a resolution may take its time.
  question.told = [this](std::string_view line) {
    if (const std::string_view said = trim(line); !said.empty())
      progress_.step(0, resolver_.name() + ": " + std::string(said.substr(0, 60)));
  };
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

const std::vector<Release>& Rounds::on_target(const std::string& name) {
  auto [at, fresh] = on_target_.try_emplace(normal_name(name));
  if (fresh) at->second = releases(index_.project(name), name, options_.target);
  return at->second;
}

// Versions with a wheel of the free-threaded ABI are better than newer ones without.
std::vector<std::string> Rounds::prefer_free_threaded(const ResolverAnswer& answer) {
  std::vector<std::string> names, pins;
  for (const ResolverChoice& choice : answer.choices) names.push_back(choice.name);
  index_.prefetch(names);
  for (const ResolverChoice& choice : answer.choices) {
    if (stood_in_.contains(normal_name(choice.name))) continue;
    const std::vector<Release>& all = on_target(choice.name);
    const Release* chosen = find_release(all, choice.version);
    if (!chosen || chosen->chosen) continue;
    auto asked = asked_.find(normal_name(choice.name));
    const Asked* of = asked == asked_.end() ? nullptr : &asked->second;
    for (auto it = all.rbegin(); it != all.rend(); ++it)
      if (it->chosen && !it->yanked && satisfies(of, it->version) &&
          (*it->best == Fit::free_threaded || *it->best == Fit::stable_abi_t)) {
        pins.push_back(choice.name + "==" + it->version.text());
        break;
      }
  }
  return pins;
}

void Rounds::report(const ResolverAnswer& answer) {
  for (const ResolverChoice& choice : answer.choices) {
    Resolved& resolved = entry(choice.name);
    if (resolved.state != Resolved::State::chosen) {  // not as the user asked for it, but somebody else's need was met
      resolved.reason += "; " + choice.version + " is pulled in by " + ftaudit::join(choice.required_by, ", ");
      continue;
    }
    resolved.version = choice.version;
    if (resolved.path.empty() && !stood_in_.contains(resolved.key())) resolved.url = choice.url;
    resolved.required_by = choice.required_by;
    if (resolved.path.empty() && !stood_in_.contains(resolved.key())) note_older(resolved, choice);
    if (const Release* release = find_release(on_target(choice.name), choice.version)) {
      resolved.gil_metadata |= options_.target.free_threaded && !release->chosen;
      if (release->yanked) {
        resolved.yanked = true;
        resolved.reason =
            "withdrawn by its authors" + (release->yank_reason.empty() ? std::string() : ": " + release->yank_reason);
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
        if (std::string by = normal_name(tree);
            std::ranges::find(found->second.required_by, by) == found->second.required_by.end())
          found->second.required_by.push_back(by);
}

Result<Resolution> Rounds::all() {
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
    if (answer.gave_up) break;
    if (round == most_rounds) {
      for (const auto& [key, one] : asked_)
        if (one.active)
          fail(one.name, Resolved::State::not_resolved,
               "gave up after " + std::to_string(most_rounds) + " attempts; " + condensed(answer.error));
      break;
    }
    if (!look_at_blamed(answer)) set_aside(answer);
  }
  if (answer.gave_up) take_newest(answer);
  else if (answer.solved && options_.target.free_threaded)
    if (auto pins = prefer_free_threaded(answer); !pins.empty()) {
      // Those that the resolver will not have together with the rest are let go.
      for (int attempt = 0; attempt < 5 && !pins.empty(); ++attempt) {
        auto better = ask(pins);
        if (!better.ok()) break;
        if (better->solved) {
          answer = std::move(*better);
          for (const std::string& pin : pins) pinned_for_wheels_.insert(normal_name(pin.substr(0, pin.find("=="))));
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

}  // namespace ftaudit::packages
