// Attached paths: the thread state along one path through a function, and what the changes on the way will bring back.
// Private to Attached.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analysis/program.h"

namespace ftaudit::analysis {

enum class Kind : std::uint8_t {
  attached,
  detached,
  unknown,
  entry,     // as on entry
  restored,  // as it was before something that the caller did
};

// What the thread state was before a change, and which call changed it.
struct Saved {
  Kind kind = Kind::unknown;
  Site since;
  std::uint32_t token = none;
  Site by;
  bool operator==(const Saved&) const = default;
};

inline constexpr std::size_t most_paths = 8, most_saved = 6, most_settled = 2;

struct AttachedRun;

struct AttachedPath {
  Kind kind = Kind::entry;
  Site since;                  // of a detached one
  std::uint32_t token = none;  // local that keeps the state which was let go
  std::vector<Saved> saved;
  std::uint8_t undone = 0;  // changes of the caller's that were undone
  // Locals that were tested on the way, and whether they were other than 0: `if (nogil) ensure(); ... if (nogil)
  // release();` has two ways through it, not four. Sorted.
  std::vector<std::pair<std::uint32_t, bool>> settled;
  bool operator==(const AttachedPath&) const = default;

  void change(Kind to, const Site& by) {
    saved.push_back({kind, since, token, by});
    if (saved.size() > most_saved) *this = {.kind = Kind::unknown, .since = {}, .saved = {}};
    kind = to, since = by, token = none;
  }
  Site put_back() {
    if (saved.empty()) {
      kind = Kind::restored, since = {}, token = none, ++undone;
      return {};
    }
    const Saved last = saved.back();
    saved.pop_back();
    kind = last.kind, since = last.since, token = last.token;
    return last.by;
  }
  // False: on this path it is known to be the other way round.
  bool settle(std::uint32_t local, bool is_set) {
    const auto known =
        std::find_if(settled.begin(), settled.end(), [&](const auto& one) { return one.first == local; });
    if (known != settled.end()) return known->second == is_set;
    if (settled.size() == most_settled) return true;
    settled.emplace_back(local, is_set);
    std::sort(settled.begin(), settled.end());
    return true;
  }
  void unsettle(std::uint32_t local) {
    std::erase_if(settled, [&](const auto& one) { return one.first == local; });
  }
  // Whether a call that gives these arguments can go this way through the callee.
  bool agrees_with(const model::Event& call) const;
  // False: control does not get past the compare with that outcome on this path.
  bool decided(const model::Function& function, const model::Event& compare, bool outcome, const AttachedRun& run);
};

using AttachedPaths = std::vector<AttachedPath>;

// One walk over a function.
struct AttachedRun {
  // Told of the paths just before each event, again when there are more of them.
  std::function<void(EventId event, const AttachedPaths& paths)> before;
  std::set<std::uint32_t> deciding;  // locals on which more than one change hangs
  struct End {
    EventId leave;
    AttachedPaths paths;
  };
  std::vector<End> ends;
  std::map<EventId, std::set<EventId>> undone;  // changes that some path takes back, and where
};

}  // namespace ftaudit::analysis
