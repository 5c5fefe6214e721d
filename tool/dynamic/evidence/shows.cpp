#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "dynamic/evidence/meeting.h"
#include "dynamic/tsan/tsan.h"

namespace ftaudit::dynamic {
namespace {

using Kind = Sighting::Kind;

bool one_of(Category category, std::initializer_list<Category> categories) {
  return std::find(categories.begin(), categories.end(), category) != categories.end();
}

// Whether things of that kind are what findings of that category warn of.
bool fits(const Sighting& sighting, Category category) {
  const Kind kind = sighting.kind;
  const bool about_locks = one_of(category, {Category::mutex_deadlock, Category::thread_state});
  // Who waits only for locks does not wait because somebody stayed attached.
  if (sighting.among_locks && one_of(category, {Category::thread_state, Category::gil_reliance})) return false;
  switch (kind) {
    case Kind::gil_switched_on: return category == Category::missing_gil_slot;
    case Kind::deadlock:
      return about_locks ||
             one_of(category, {Category::critical_section_misuse, Category::gil_reliance, Category::lazy_init});
    case Kind::lock_order_inversion: return category == Category::mutex_deadlock;
    case Kind::mutex_misuse: return about_locks || category == Category::critical_section_misuse;
    case Kind::hang: return !one_of(category, {Category::missing_gil_slot, Category::allocator});
    case Kind::data_race:
      return !one_of(category, {Category::missing_gil_slot, Category::mutex_deadlock, Category::allocator,
                                Category::thread_state});
    case Kind::use_after_free: return !one_of(category, {Category::missing_gil_slot, Category::mutex_deadlock});
    case Kind::crash: return category != Category::missing_gil_slot;
    case Kind::signal_unsafe:
    case Kind::runtime_trouble: return false;
  }
  return false;
}

bool same_file(const std::string& a, const std::string& b) {
  if (a == b) return true;
  // Generated sources are named from the build's folder.
  const std::string &longer = a.size() > b.size() ? a : b, &shorter = a.size() > b.size() ? b : a;
  return !shorter.empty() && longer.ends_with("/" + shorter);
}

bool at(const Site& site, const Location& where, std::uint32_t below = 0) {
  if (site.location.line == 0 || where.line == 0 || !same_file(site.location.file, where.file)) return false;
  return site.location.line >= where.line && site.location.line <= std::max(where.line, where.end_line) + below;
}

// Whether one is the other or its last parts: "add" and "grid::Lattice::add", not "add" and "readd".
bool same_function(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (b.empty() || !a.ends_with(b)) return false;
  return a.size() == b.size() || a.substr(0, a.size() - b.size()).ends_with("::");
}

bool in_function_of(const Site& site, const Finding& finding) {
  if (finding.function.empty() || site.function.empty() ||
      !same_function(site.function, without_parameters(finding.function)))
    return false;
  return site.location.file.empty() || site.location.line == 0 || same_file(site.location.file, finding.location.file);
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t i = text.find(word); i != std::string_view::npos; i = text.find(word, i + 1)) {
    const bool starts = i == 0 || !is_word(text[i - 1]);
    const std::size_t end = i + word.size();
    if (starts && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

// "self->items[_]" -> "items", "global table" -> "table", "Meter.total" -> "total".
std::string_view last_name(std::string_view place) {
  while (!place.empty() && !is_word(place.back())) place.remove_suffix(1);
  if (place.ends_with("_") && place.size() >= 2 && !is_word(place[place.size() - 2]))
    return last_name(place.substr(0, place.size() - 1));
  std::size_t begin = place.size();
  while (begin > 0 && is_word(place[begin - 1])) --begin;
  return place.substr(begin);
}

// Without its scope, and without the function of a static in one: "spam::cache", "get.cache". Optimisers split structs
// into "cache.1".
std::string_view variable_of(std::string_view name) {
  name = name.substr(0, name.find_first_of("( "));
  for (std::size_t dot; (dot = name.rfind('.')) != std::string_view::npos &&
                        name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos;)
    name = name.substr(0, dot);
  const std::size_t scope = name.rfind("::");
  const std::size_t dot = name.rfind('.');
  if (scope != std::string_view::npos) return name.substr(scope + 2);
  return dot != std::string_view::npos ? name.substr(dot + 1) : name;
}

// "PyObject *item = PyDict_GetItem(d, k);" -> "item"; "" where nothing is assigned.
std::string_view assigned_in(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0 || line.substr(equals).starts_with("==") ||
      std::string_view("!<>").find(line[equals - 1]) != std::string_view::npos)
    return {};
  return last_name(line.substr(0, equals));
}

enum class About { this_place, another, unknown };

// Whether the memory is what the finding concerns, as far as names tell.
About about(const Sighting& sighting, const Finding& finding, SourceLines& lines) {
  const std::string_view name = last_name(finding.place);
  if (sighting.in_global) {
    const std::string_view variable = variable_of(sighting.place);
    if (variable == name || has_word(finding.place, variable)) return About::this_place;
    return has_word(finding.what, variable) ? About::unknown : About::another;
  }
  if (finding.place.empty() || name.empty()) return About::unknown;
  // A field has no name in the sanitizer's report: the source line has.
  bool all = !sighting.sites.empty(), any = false;
  for (const Site& site : sighting.sites) {
    const bool here = has_word(lines.line(site.location.file, site.location.line), name);
    all &= here, any |= here;
  }
  return all ? About::this_place : any ? About::unknown : About::another;
}

// Damage while nothing but the finding's functions was called by several threads: below its function, or without a
// place - a crash whose stack is not known, a heap that lost its way - where it was not for many findings at once.
bool was_aimed_at(const Sighting& sighting, const Finding& finding) {
  const auto& aims = sighting.seen.findings;
  if (finding.fingerprint.empty() || std::find(aims.begin(), aims.end(), finding.fingerprint) == aims.end())
    return false;
  constexpr std::size_t few = 3;
  if (sighting.sites.empty()) return aims.size() <= few;
  return std::any_of(sighting.path.begin(), sighting.path.end(),
                     [&](const Site& site) { return in_function_of(site, finding); });
}

using FunctionAt = std::function<std::string(const Location&)>;

bool in_function_of_a_step(const Sighting& sighting, const Finding& finding, const FunctionAt& function_at) {
  if (!function_at) return false;
  for (const Step& step : finding.trace)
    if (const std::string name = without_parameters(function_at(step.location)); !name.empty())
      for (const Site& site : sighting.sites)
        if (same_file(site.location.file, step.location.file) && same_function(site.function, name)) return true;
  return false;
}

// Everywhere it was seen somebody stands who takes part, or whom the trace shows: whichever two of the sides met.
// Memory that has a name is that of a side's state.
bool between_sides(const Sighting& sighting, const Finding& finding) {
  if (finding.sides.empty() || sighting.sites.empty()) return false;
  if (sighting.in_global && std::none_of(finding.sides.begin(), finding.sides.end(), [&](const Side& side) {
        return std::any_of(side.states.begin(), side.states.end(),
                           [&](const std::string& state) { return has_word(state, variable_of(sighting.place)); });
      }))
    return false;
  bool any = false;
  const bool all = std::all_of(sighting.sites.begin(), sighting.sites.end(), [&](const Site& site) {
    const bool side = std::any_of(finding.sides.begin(), finding.sides.end(), [&](const Side& one) {
      return std::any_of(one.points.begin(), one.points.end(),
                         [&](const Side::Point& point) { return at(site, point.location); });
    });
    any |= side;
    return side || std::any_of(finding.trace.begin(), finding.trace.end(),
                               [&](const Step& step) { return at(site, step.location); });
  });
  return any && all;
}

bool shows_memory(const Sighting& sighting, const Finding& finding, SourceLines& lines, const FunctionAt& function_at) {
  if (sighting.kind == Kind::crash && was_aimed_at(sighting, finding)) return true;
  // It died in the finding's function, at no line that is known.
  if (sighting.kind == Kind::crash && !sighting.sites.empty() && sighting.sites.front().location.line == 0 &&
      in_function_of(sighting.sites.front(), finding))
    return true;
  if (between_sides(sighting, finding)) return true;
  const About about_it = about(sighting, finding, lines);
  const auto& sites = sighting.sites;
  const bool at_own = std::any_of(sites.begin(), sites.end(), [&](const Site& s) { return at(s, finding.location); });
  const bool in_own =
      std::any_of(sites.begin(), sites.end(), [&](const Site& s) { return in_function_of(s, finding); });
  const bool at_step = std::any_of(sites.begin(), sites.end(), [&](const Site& s) {
    return std::any_of(finding.trace.begin(), finding.trace.end(),
                       [&](const Step& step) { return at(s, step.location) && !at(s, finding.location); });
  });
  if (at_own) return about_it != About::another || !sighting.in_global;
  // Two threads that race with each other in the finding's other side say nothing of a function neither of them was in.
  const bool took_part = in_own || std::any_of(sighting.path.begin(), sighting.path.end(),
                                               [&](const Site& s) { return in_function_of(s, finding); });
  if (sighting.kind == Kind::data_race && !took_part) return false;
  if (about_lifetime(finding.category) && sighting.kind != Kind::crash) {
    // The use comes behind the borrowing; more lines than fit on a screen away it is another story.
    const std::string_view variable = assigned_in(lines.line(finding.location.file, finding.location.line));
    bool soon_after = false, of_it = false, behind = false;
    for (const Site& site : sites) {
      behind |= !in_function_of(site, finding) || site.location.line >= finding.location.line;
      if (!in_function_of(site, finding) || !at(site, finding.location, 25)) continue;
      soon_after = true;
      of_it |= has_word(lines.line(site.location.file, site.location.line), variable);
    }
    const bool beyond = sighting.kind == Kind::use_after_free || sighting.attribution == Attribution::through_cpython;
    if (!behind) return false;  // a line that names the same local variable, for another value of it
    if (!sighting.in_global && ((soon_after && (of_it || at_step || beyond)) || (at_step && beyond))) return true;
  }
  if (about_it == About::this_place) return in_own || at_step || in_function_of_a_step(sighting, finding, function_at);
  return about_it == About::unknown && in_own && at_step;
}

bool shows_waiting(const Sighting& sighting, const Finding& finding) {
  const auto fits_site = [&](const Site& site) {
    if (at(site, finding.location) || in_function_of(site, finding)) return true;
    return std::any_of(finding.trace.begin(), finding.trace.end(),
                       [&](const Step& step) { return at(site, step.location); });
  };
  return std::any_of(sighting.sites.begin(), sighting.sites.end(), fits_site) ||
         std::any_of(sighting.path.begin(), sighting.path.end(), fits_site);
}

}  // namespace

bool about_lifetime(Category category) {
  return one_of(category,
                {Category::borrowed_ref, Category::dict_next, Category::iteration, Category::container_internals});
}

std::string_view SourceLines::line(const std::string& file, std::uint32_t number) {
  auto [it, fresh] = files_.try_emplace(file);
  if (fresh && !file.empty())
    if (const auto text = read_file(root_ / file, 32u << 20); text.ok()) it->second = split(*text, '\n');
  return number >= 1 && number <= it->second.size() ? std::string_view(it->second[number - 1]) : std::string_view();
}

bool shows(const Sighting& sighting, const Finding& finding, SourceLines& lines, const FunctionAt& function_at) {
  if (!fits(sighting, finding.category) || finding.rule.starts_with("FT9")) return false;
  switch (sighting.kind) {
    case Kind::gil_switched_on: {
      // "package.module" as it was imported; the sources may know it by its own name alone.
      const std::string_view module = last_name(sighting.place);
      return module.empty() || finding.place.empty() || has_word(finding.place, module) ||
             has_word(finding.what, module);
    }
    case Kind::deadlock:
    case Kind::lock_order_inversion:
    case Kind::mutex_misuse:
    case Kind::hang: return was_aimed_at(sighting, finding) || shows_waiting(sighting, finding);
    default: return shows_memory(sighting, finding, lines, function_at);
  }
}

}  // namespace ftaudit::dynamic
