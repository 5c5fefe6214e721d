// Conflicts, the part that knows one cause of many: code that was translated from another language, or written for one
// thread, keeps what each of its functions works on in static variables. Nobody mends hundreds of them; one lock around
// the calls that get there does.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"

namespace ftaudit::analysis {
namespace {

// From so many functions on a body of code is mended from outside.
constexpr std::size_t many = 8;

}  // namespace

// The calls by which functions that Python has a name for lead to who uses a static variable without its lock; none
// where one of these is such a function itself.
Conflicts::Ways Conflicts::ways_to(const Conflict& conflict, Leading& leading) const {
  if (conflict.state->kind != State::Kind::static_local) return {};
  std::set<std::pair<FunctionId, FunctionId>> ways;  // from an entry point to a user
  for (const Party& side : conflict.sides) {
    std::vector<ViewId> views = side.access->others;
    views.push_back(side.access->view);
    for (const ViewId id : views) {
      const View& view = shared_.views().view(id);
      // Where ways were thrown together, some of them may hold what others do not.
      if (view.blurred) continue;
      for (const std::uint32_t number : view.entries)
        if (const EntryPoint& entry = shared_.views().entry(number); !entry.python_name.empty())
          ways.emplace(entry.function, side.access->site.function);
    }
  }
  Ways out;
  for (const auto& [entry, user] : ways) {
    if (entry == user) return {};
    const auto [known, is_new] = leading.try_emplace(user);
    if (is_new) {
      Per<FunctionId, bool> there(program_.facts.functions.size(), false);
      there[user] = true;
      known->second = program_.with_callers(std::move(there));
    }
    for (const Edge& edge : program_.calls_from(entry))
      if (!edge.mention && known->second[edge.to]) out.emplace(entry, edge.event);
  }
  return out;
}

void Conflicts::join_behind_boundaries() {
  struct Body {
    Ways ways;
    std::vector<std::size_t> conflicts;
    std::set<std::string> functions;
  };
  std::map<std::pair<Mistake, std::string>, std::vector<Body>> bodies;
  Leading leading;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const Conflict& found = found_[i];
    if (found.mistake != Mistake::plain && found.mistake != Mistake::inconsistent) continue;
    const Ways ways = ways_to(found, leading);
    if (ways.empty()) continue;
    Body made{ways, {i}, {program_.facts.globals[found.state->global].owner.text}};
    std::vector<Body>& known = bodies[{found.mistake, found.lock}];
    std::erase_if(known, [&](const Body& body) {
      if (std::ranges::none_of(body.ways, [&](const auto& way) { return made.ways.contains(way); })) return false;
      made.ways.insert(body.ways.begin(), body.ways.end());
      made.conflicts.insert(made.conflicts.end(), body.conflicts.begin(), body.conflicts.end());
      made.functions.insert(body.functions.begin(), body.functions.end());
      return true;
    });
    known.push_back(std::move(made));
  }
  std::set<std::size_t> joined;
  for (auto& [kind, known] : bodies)
    for (Body& body : known) {
      if (body.functions.size() < many) continue;
      std::ranges::sort(body.conflicts);
      Conflict& kept = found_[body.conflicts[0]];
      for (const std::size_t i : std::vector(body.conflicts.begin() + 1, body.conflicts.end())) {
        join(kept, found_[i]);
        joined.insert(i);
      }
      for (const auto& [caller, call] : body.ways) kept.boundary.push_back({caller, call});
      find_sides(kept);
    }
  std::size_t i = 0;
  std::erase_if(found_, [&](const Conflict&) { return joined.contains(i++); });
}

}  // namespace ftaudit::analysis
