#include "dynamic/runs/reproducer.h"

#include <algorithm>
#include <charconv>
#include <regex>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& object, const char* name) {
  std::vector<std::string> texts;
  if (const auto found = object.find(name); found != object.end() && found->is_array())
    for (const json& each : *found)
      if (each.is_string()) texts.push_back(each.get<std::string>());
  return texts;
}

// Names the act's statements use, as words.
bool mentions(const Act& act, const std::string& word) {
  const std::regex whole("(^|[^\\w.])" + word + "\\b");
  const auto in = [&](const std::string& text) { return std::regex_search(text, whole); };
  return std::any_of(act.setup.begin(), act.setup.end(), in) ||
         std::any_of(act.roles.begin(), act.roles.end(),
                     [&](const Act::Role& role) { return in(role.prepare) || in(role.code); });
}

// Imports that the act's statements need. Modules are always kept: importing the extension is part of the story.
std::vector<std::string> imports_of(const Act& act, const std::vector<std::string>& modules) {
  std::vector<std::string> imports;
  for (const char* name : {"array", "collections", "datetime", "decimal", "functools", "gc", "io", "operator"})
    if (mentions(act, name)) imports.push_back(std::string("import ") + name);
  for (const std::string& module : modules) imports.push_back("import " + module);
  return imports;
}

std::string indented(const std::string& text, std::size_t by) {
  std::string out;
  for (const std::string& line : split(text, '\n')) out += std::string(by, ' ') + line + "\n";
  return out;
}

// The docstring cannot be ended early by what a finding says.
std::string quoted_heading(std::string_view heading) {
  std::string text;
  for (const char c : heading) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return "\"\"\"" + text + "\"\"\"\n";
}

class Search {
 public:
  Search(const ReproducerRequest& request, const Shows& shows)
      : request_(request), shows_(shows), until_(Clock::now() + request.budget) {}

  bool out_of_time() const { return Clock::now() >= until_; }
  // Some of the time is for learning how often the script shows it.
  bool enough_cut() const { return Clock::now() >= until_ - request_.budget / 3; }
  // A quarter of the rounds is a quarter of the time, and mostly enough. True when one of the two shows it; `act` is
  // that one then.
  Result<bool> first_shown(Act& act, unsigned tries) {
    Act shorter = act;
    shorter.rounds = std::max(act.rounds / 4, 1u);
    const Result<bool> soon = shown_by(shorter, tries);
    if (!soon || !*soon) return soon ? shown_by(act, 1) : soon;
    act = shorter;
    return true;
  }

  // Up to `tries` runs; true at the first that shows it.
  Result<bool> shown_by(const Act& act, unsigned tries) {
    if (Status written = write_file(request_.script, script_of(act, request_.heading)); !written)
      return written.error();
    for (unsigned i = 0; i < tries && !out_of_time(); i++) {
      const Result<bool> shown = shows_(request_.script);
      if (!shown || *shown) return shown;
    }
    return false;
  }

  // Replaces `act` by `smaller` when that shows it three times with one miss at most: what shows it once in a while is
  // no gain.
  Result<bool> take_if_shown(Act& act, const Act& smaller) {
    int shown = 0, missed = 0;
    while (shown < 3 && missed < 2) {
      const Result<bool> once = shown_by(smaller, 1);
      if (!once) return once;
      *once ? ++shown : ++missed;
    }
    if (shown == 3) act = smaller;
    return shown == 3;
  }

 private:
  const ReproducerRequest& request_;
  const Shows& shows_;
  Clock::time_point until_;
};

// Fewer threads, then each line of the setup that can be spared, then fewer rounds and calls: the least at once where
// that will do, else by halves. A script that shows it every time is worth more than one that is over sooner, so it
// does four times the rounds that were enough.
Status minimise(Act& act, Search& search) {
  const auto smaller = [&](unsigned Act::* count, unsigned least) -> Status {
    const auto take = [&](unsigned number) {
      Act fewer = act;
      fewer.*count = number;
      return search.take_if_shown(act, fewer);
    };
    if (act.*count <= least || search.enough_cut()) return Done{};
    Result<bool> taken = take(least);
    if (taken && *taken) return Done{};
    for (bool go_on = true; taken && go_on && act.*count / 2 > least && !search.enough_cut(); go_on = taken && *taken)
      taken = take(act.*count / 2);
    if (!taken) return taken.error();
    return Done{};
  };
  if (act.roles.size() == 2 && act.roles[0].prepare == act.roles[1].prepare && act.roles[0].code == act.roles[1].code)
    act.roles.pop_back();
  if (Status done = smaller(&Act::threads, 2); !done) return done;
  for (std::size_t i = act.setup.size(); i-- > 0 && !search.enough_cut();) {
    Act next = act;
    next.setup.erase(next.setup.begin() + static_cast<std::ptrdiff_t>(i));
    if (const Result<bool> taken = search.take_if_shown(act, next); !taken) return taken.error();
  }
  const unsigned rounds = act.rounds;
  if (Status done = smaller(&Act::rounds, 1); !done) return done;
  if (Status done = smaller(&Act::calls, 1); !done) return done;
  act.rounds = std::min(rounds, 4 * act.rounds);
  return Done{};
}

}  // namespace

Result<std::vector<Act>> read_acts(const fs::path& survey, std::string_view scenario) {
  const Result<std::string> text = read_file(survey, 64u << 20);
  if (!text) return text.error();
  const json read = json::parse(*text, nullptr, false);
  if (!read.is_object() || !read.contains("scenarios") || !read["scenarios"].is_array())
    return Error{survey.string() + " is no survey of the stress driver"};
  std::vector<std::string> modules = texts_of(read, "modules");
  for (const json& each : read["scenarios"]) {
    if (!each.is_object() || text_of(each, "id") != scenario || !each.contains("acts") || !each["acts"].is_array())
      continue;
    std::vector<Act> acts;
    for (const json& told : each["acts"]) {
      if (!told.is_object()) continue;
      Act act{.label = text_of(told, "label"), .setup = texts_of(told, "setup")};
      if (told.contains("roles") && told["roles"].is_array())
        for (const json& role : told["roles"])
          if (role.is_object())
            act.roles.push_back({text_of(role, "label"), text_of(role, "prepare"), text_of(role, "code")});
      if (act.roles.empty()) continue;
      std::vector<std::string> named = modules;
      for (const std::string& package : texts_of(read, "packages"))
        if (mentions(act, package)) named.push_back(package);
      act.imports = imports_of(act, named);
      acts.push_back(std::move(act));
    }
    return acts;
  }
  return Error{survey.string() + " has no scenario " + std::string(scenario)};
}

std::optional<std::size_t> act_of_progress(std::string_view progress) {
  const std::size_t at = progress.find(" act ");
  std::size_t number = 0;
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = progress.substr(at + 5);
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc()) return std::nullopt;
  return number;
}

std::vector<Act> likeliest_first(std::vector<Act> acts, const std::vector<std::string>& entry_points) {
  std::set<std::string> members;
  for (const std::string& entry : entry_points) {
    const std::string name = entry.substr(0, entry.find(' '));
    members.insert(name.substr(name.rfind('.') + 1));
  }
  const auto named = [&](const Act& act) {
    return std::count_if(act.roles.begin(), act.roles.end(), [&](const Act::Role& role) {
      return members.contains(role.label) || members.contains(role.label.substr(role.label.rfind(' ') + 1));
    });
  };
  std::stable_sort(acts.begin(), acts.end(), [&](const Act& a, const Act& b) { return named(a) > named(b); });
  return acts;
}

std::string script_of(const Act& act, std::string_view heading) {
  std::string text = heading.empty() ? "" : quoted_heading(heading);
  text += "import threading\n";
  for (const std::string& import : act.imports) text += import + "\n";
  text += "\nTHREADS, ROUNDS, CALLS = " + std::to_string(act.threads) + ", " + std::to_string(act.rounds) + ", " +
          std::to_string(act.calls) + "\n\n\n";
  if (mentions(act, "plain")) text += "class plain:\n    pass\n\n\n";
  for (std::size_t i = 0; i < act.roles.size(); i++) {
    text += "def role_" + std::to_string(i) + "(arrived):  # " + act.roles[i].label + "\n";
    text += "    arrived.append(1)\n    call = " + act.roles[i].prepare +
            "\n    while len(arrived) < THREADS:\n        pass  # all begin at once\n";
    text += "    for _ in range(CALLS):\n        try:\n" + indented(act.roles[i].code, 12);
    text += "        except Exception:\n            pass  # refusals do not matter here\n\n\n";
  }
  text += "for _ in range(ROUNDS):\n";
  for (const std::string& line : act.setup) text += indented(line, 4);
  text += "    arrived, roles = [], [";
  for (std::size_t i = 0; i < act.roles.size(); i++) text += (i ? ", role_" : "role_") + std::to_string(i);
  text +=
      "]\n    threads = [threading.Thread(target=roles[i % len(roles)], args=(arrived,)) for i in range(THREADS)]\n";
  text += "    for thread in threads:\n        thread.start()\n    for thread in threads:\n        thread.join()\n";
  return text;
}

Result<std::optional<Act>> reproduce(const ReproducerRequest& request, const Shows& shows) {
  Search search(request, shows);
  std::size_t tried = 0;
  for (Act act : request.acts) {
    if (search.out_of_time()) break;
    const Result<bool> shown = search.first_shown(act, tried++ < 2 ? 2 : 1);
    if (!shown) return shown.error();
    if (!*shown) continue;
    if (Status done = minimise(act, search); !done) return done.error();
    if (Status written = write_file(request.script, script_of(act, request.heading)); !written) return written.error();
    return std::optional(act);
  }
  return std::optional<Act>();
}

}  // namespace ftaudit::dynamic
