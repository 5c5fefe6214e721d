#include "analysis/lent_locals.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "analysis/lent_threads.h"
#include "analysis/loops.h"

namespace ftaudit::analysis {

namespace {

constexpr int most_functions = 3;  // deep, from the owner to the one that starts the thread
constexpr std::size_t most_starts = 32;
using Running = std::uint32_t;

struct Started {
  EventId event = none;
  std::vector<LentAccess> accesses;
  std::string handle;
  bool at_once = false;
};

// Two accesses that can be made together; by_owner: the second is made by the function that has the variable, or by
// one that it calls.
struct Meeting {
  LentAccess one, other;
  EventId started = none;
  bool by_owner = false;
};

class Lending {
 public:
  Lending(const Program& program, const Held& held)
      : program_(program), held_(held), paths_(program, held), threads_(program, paths_, held) {}

  std::vector<LentLocal> all() const {
    std::vector<LentLocal> out;
    for (const FunctionId id : program_.facts.functions.ids()) {
      if (!threads_.starts(id) || program_.function(id).is_support) continue;
      std::vector<Meeting> meetings;
      std::vector<Started> left;
      examine(id, nullptr, meetings, left, 0);
      tell(id, meetings, out);
    }
    return out;
  }

 private:
  std::vector<Started> starts_in(FunctionId in, const Bindings* known, std::vector<Meeting>& meetings,
                                 int depth) const {
    std::vector<Started> out;
    const auto& events = program_.function(in).events;
    const Values& values = held_.values(in);
    for (const EventId e : events.ids()) {
      if (out.size() == most_starts) break;
      if (const auto start = threads_.start(in, known, e)) {
        Started made{.event = e, .handle = start->handle, .at_once = start->at_once};
        if (threads_.meets_others(start->code.code)) continue;
        paths_.all(start->code.code, paths_.given(in, known, start->code, events[e], e, start->arguments),
                   made.accesses);
        // A flag that one of several sets says nothing of the others.
        if (made.at_once || values.reaches(e, e, none)) forget_set(made.accesses);
        if (!made.accesses.empty()) out.push_back(std::move(made));
        continue;
      }
      const FunctionId callee = is_call(events[e]) ? program_.find(events[e].callee_key) : none;
      if (callee == none || !threads_.starts(callee) || depth == most_functions) continue;
      Bindings bound = paths_.given(in, known, {.code = callee}, events[e], e, 0);
      bound.starter = true;
      if (std::ranges::none_of(bound, &Lent::is_something)) continue;
      if (threads_.is_queued(callee)) {
        Started made{.event = e};
        for (const Lent& lent : bound)
          if (lent.code != none) {
            Bindings captured(program_.function(lent.code).parameters);
            captured.insert(captured.end(), lent.captured.begin(), lent.captured.end());
            paths_.all(lent.code, captured, made.accesses);
          }
        forget_set(made.accesses);
        if (!made.accesses.empty()) out.push_back(std::move(made));
        continue;
      }
      std::vector<Started> left;
      std::vector<Meeting> inside;
      examine(callee, &bound, inside, left, depth + 1);
      for (Meeting& meeting : inside) meeting.started = e, meetings.push_back(std::move(meeting));
      for (Started& one : left) {
        if (out.size() == most_starts) break;
        one.event = e, one.handle.clear(), out.push_back(std::move(one));
      }
    }
    return out;
  }

  static void forget_set(std::vector<LentAccess>& accesses) {
    for (LentAccess& access : accesses)
      std::erase_if(access.order.told, [](const std::string& told) { return told.starts_with("="); });
  }

  // Those that it sets after it has seen another set them do not count: it comes behind that one.
  static std::set<std::string> flags_set(const Started& start) {
    std::set<std::string> out;
    for (const LentAccess& access : start.accesses)
      for (const std::string& told : access.order.told)
        if (told.starts_with("=")) out.insert(told);
    for (const LentAccess& access : start.accesses)
      for (const std::string& seen : access.order.seen) out.erase(seen);
    return out;
  }

  // A flag that two threads set while both run says of neither that it is through.
  void forget_common(FunctionId in, std::vector<Started>& starts, const std::vector<Running>& entering) const {
    std::vector<std::set<std::string>> set(starts.size()), common(starts.size());
    std::ranges::transform(starts, set.begin(), flags_set);
    const model::Function& function = program_.function(in);
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
      Running now = entering[b];
      for (const EventId e : function.blocks[b].events()) {
        for (std::size_t s = 0; s < starts.size(); ++s)
          for (std::size_t r = 0; r < starts.size() && starts[s].event == e; ++r)
            if (r != s && ((now >> r & 1) != 0 || starts[r].event == e))
              for (const std::string& flag : set[s])
                if (set[r].contains(flag)) common[s].insert(flag), common[r].insert(flag);
        now = after(in, e, starts, now);
      }
    }
    for (std::size_t s = 0; s < starts.size(); ++s)
      for (LentAccess& access : starts[s].accesses)
        std::erase_if(access.order.told, [&](const std::string& told) { return common[s].contains(told); });
  }

  // What threads are at together that the function starts, itself or by others; those it leaves running.
  void examine(FunctionId in, const Bindings* known, std::vector<Meeting>& meetings, std::vector<Started>& left,
               int depth) const {
    std::vector<Started> starts = starts_in(in, known, meetings, depth);
    if (starts.empty()) return;
    const model::Function& function = program_.function(in);
    const std::vector<Running> entering = flow(in, starts);
    forget_common(in, starts, entering);
    Running at_end = 0;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
      const model::Block& block = function.blocks[b];
      Running now = entering[b];
      for (const EventId e : block.events()) {
        const Running before = now;
        now = after(in, e, starts, now);
        bool starting = false;
        for (std::size_t s = 0; s < starts.size(); ++s) {
          if (starts[s].event != e) continue;
          starting = true;
          if (starts[s].at_once || (before >> s & 1) != 0) meet_itself(starts[s], meetings);
          for (std::size_t r = 0; r < starts.size(); ++r)
            if (r != s && (before >> r & 1) != 0) meet(starts[s].accesses, starts[r], false, meetings);
        }
        if (starting || (before & now) == 0 || block.unwinds) continue;
        std::vector<LentAccess> own;
        paths_.at(in, known, e, own);
        for (std::size_t r = 0; r < starts.size() && !own.empty(); ++r)
          if ((before & now) >> r & 1) meet(own, starts[r], true, meetings);
      }
      if (block.successors.empty()) at_end |= now;
    }
    for (std::size_t s = 0; s < starts.size(); ++s)
      if (at_end >> s & 1) left.push_back(starts[s]);
  }

  static void meet_itself(const Started& start, std::vector<Meeting>& out) {
    for (const LentAccess& a : start.accesses)
      for (const LentAccess& b : start.accesses)
        if (a.write && !(a.single && b.single) && a.conflicts_with(b)) out.push_back({a, b, start.event, false});
  }
  static void meet(const std::vector<LentAccess>& these, const Started& start, bool by_owner,
                   std::vector<Meeting>& out) {
    for (const LentAccess& a : start.accesses)
      for (const LentAccess& b : these)
        if (a.conflicts_with(b)) out.push_back({a, b, start.event, by_owner});
  }

  Running after(FunctionId in, EventId e, const std::vector<Started>& starts, Running now) const {
    for (std::size_t s = 0; s < starts.size(); ++s) {
      if (starts[s].event == e) now = starts[s].at_once ? now : now | Running(1) << s;
      else if ((now >> s & 1) != 0 && threads_.joins(in, e, starts[s].event, starts[s].handle))
        now &= ~(Running(1) << s);
    }
    return now;
  }

  // Threads that run at the beginning of each block. A loop that joins has joined all when it is left: who is in it
  // comes to the one element after the other.
  std::vector<Running> flow(FunctionId in, const std::vector<Started>& starts) const {
    const model::Function& function = program_.function(in);
    const std::vector<Running> joined = joined_by_loops(in, starts);
    std::vector<Running> entering(function.blocks.size(), 0);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
        Running now = entering[b];
        for (const EventId e : function.blocks[b].events()) now = after(in, e, starts, now);
        for (const std::uint32_t next : function.blocks[b].successors) {
          if (next >= entering.size()) continue;
          const Running there = entering[next] | (now & ~joined[next]);
          changed |= there != entering[next], entering[next] = there;
        }
      }
    }
    return entering;
  }

  std::vector<Running> joined_by_loops(FunctionId in, const std::vector<Started>& starts) const {
    const model::Function& function = program_.function(in);
    const Flow& flow = program_.flow(in);
    std::vector<Running> out(function.blocks.size(), 0);
    for (std::uint32_t head = 0; head < function.blocks.size(); ++head) {
      const std::set<std::uint32_t> inside = loop_of(flow, head);
      for (const std::uint32_t b : inside)
        for (const EventId e : function.blocks[b].events())
          for (std::size_t s = 0; s < starts.size(); ++s)
            if (!inside.contains(flow.block_of[starts[s].event]) &&
                threads_.joins(in, e, starts[s].event, starts[s].handle))
              out[head] |= Running(1) << s;
    }
    return out;
  }

  // One of each variable: a container or what is changed by several threads tells most.
  void tell(FunctionId owner, const std::vector<Meeting>& meetings, std::vector<LentLocal>& out) const {
    const auto rank = [](const Meeting& meeting) {
      return meeting.one.container * 4 + !meeting.by_owner * 2 + meeting.one.locks.empty();
    };
    std::map<std::string, LentLocal> found;
    std::map<std::string, int> ranks;
    for (const Meeting& met : meetings) {
      const std::string root = met.one.place.substr(0, met.one.place.find_first_of(".*["));
      LentLocal& local = found[root];
      for (const LentAccess* access : {&met.one, &met.other})
        if (std::ranges::find(local.sides, access->site, &LentAccess::site) == local.sides.end())
          local.sides.push_back(*access);
      const int worth = rank(met);
      if (local.owner != none && worth <= ranks[root]) continue;
      ranks[root] = worth;
      local.owner = owner, local.variable = static_cast<std::uint32_t>(std::stoul(root.substr(1)));
      local.change = met.one.write ? met.one : met.other, local.other = met.one.write ? met.other : met.one;
      local.started = met.started, local.by_owner = met.by_owner;
      local.owner_changes = met.by_owner && !met.one.write;
    }
    for (auto& [root, local] : found) out.push_back(std::move(local));
  }

  const Program& program_;
  const Held& held_;
  const LentPaths paths_;
  const LentThreads threads_;
};

}  // namespace

std::vector<LentLocal> lent_locals(const Program& program, const Held& held) { return Lending(program, held).all(); }

}  // namespace ftaudit::analysis
