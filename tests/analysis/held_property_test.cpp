// Held against a tiny interpreter: programs made at random, run along every path up to a length. What Held says is held
// must be held on each of them.
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <sstream>

#include "build.h"
#include "model/print.h"

using namespace ftaudit;
using namespace ftaudit::test;

namespace {

const char* const mutexes[] = {"MUTEX_A", "MUTEX_B", "MUTEX_C"};

struct Random {
  std::mt19937 source;
  unsigned below(unsigned n) { return source() % n; }
};

// A function of a few blocks in which forward and backward edges, locks and unlocks stand anywhere.
void fill(Random& random, Code& f, const std::vector<std::string>& callable) {
  const unsigned blocks = 1 + random.below(5);
  std::vector<EventId> conditions;
  for (unsigned n = 0; n < blocks; ++n) {
    if (n > 0) f.block();
    for (unsigned events = random.below(4); events > 0; --events) {
      const unsigned what = random.below(callable.empty() ? 7 : 9);
      const std::string mutex = mutexes[random.below(3)];
      if (what < 3) f.call("PyMutex_Lock", {f.address(mutex)});
      else if (what < 6) f.call("PyMutex_Unlock", {f.address(mutex)});
      else if (what < 7) f.here_is();
      else f.call(callable[random.below(static_cast<unsigned>(callable.size()))]);
    }
    conditions.push_back(f.truth(f.value("n")));
  }
  f.block();
  f.leave();
  for (std::uint32_t n = 0; n < blocks; ++n) {
    // Forward to the next so that all are reached, and once in a while anywhere.
    if (random.below(3) == 0) f.go(n, {n + 1});
    else f.go(n, {n + 1, 1 + random.below(blocks)}, conditions[n]);
  }
}

// Which mutexes are held.
using State = std::set<std::uint32_t>;

struct Interpreter {
  const model::Facts& facts;
  bool strict = false;  // a mutex taken twice is a deadlock, one let go that is not held the end of the program: no path goes on there
  std::map<std::pair<FunctionId, EventId>, State> surely;  // over all paths run: held on each
  unsigned steps = 0;

  // Runs `function` from each state it can begin in; gives the states it can end in.
  std::set<State> run(FunctionId id, const State& entry, unsigned depth) {
    std::set<State> ends;
    std::set<std::pair<std::uint32_t, State>> seen;
    std::vector<std::pair<std::uint32_t, State>> queue{{0, entry}};
    const model::Function& function = facts.functions[id];
    while (!queue.empty()) {
      auto [block, at_begin] = queue.back();
      queue.pop_back();
      if (!seen.emplace(block, at_begin).second) continue;
      std::set<State> states{at_begin};
      for (EventId e = function.blocks[block].first; e < function.blocks[block].last; ++e) {
        std::set<State> after;
        for (const State& state : states) {
          ++steps;
          note(id, e, state);
          for (const State& next : step(id, function.events[e], state, depth)) after.insert(next);
        }
        states = std::move(after);
      }
      for (const State& state : states) {
        if (function.blocks[block].successors.empty()) ends.insert(state);
        for (std::uint32_t next : function.blocks[block].successors) queue.emplace_back(next, state);
      }
    }
    return ends;
  }

  std::set<State> step(FunctionId id, const Event& event, State state, unsigned depth) {
    const model::Function& function = facts.functions[id];
    if (event.kind == Event::Kind::acquire) {
      if (!state.insert(function.places[event.operands[0].place].global.n).second && strict) return {};
    } else if (event.kind == Event::Kind::release) {
      if (state.erase(function.places[event.operands[0].place].global.n) == 0 && strict) return {};
    } else if (event.kind == Event::Kind::call && !event.callee_key.text.empty() && depth < 4)
      for (FunctionId callee = 0; callee < facts.functions.size(); ++callee)
        if (facts.functions[callee].key == event.callee_key) return run(callee, state, depth + 1);
    return {state};
  }

  void note(FunctionId id, EventId event, const State& state) {
    const auto [it, is_new] = surely.try_emplace({id, event}, state);
    if (is_new) return;
    State both;
    std::set_intersection(it->second.begin(), it->second.end(), state.begin(), state.end(), std::inserter(both, both.begin()));
    it->second = std::move(both);
  }
};

struct Tally {
  unsigned claims = 0, wrong = 0, missed = 0;
  std::string first;
};

void check(const Build& build, FunctionId main, bool strict, Tally& tally, unsigned seed) {
  const Audit audit(build.facts, {});
  Interpreter interpreter{build.facts, strict, {}};
  interpreter.run(main, {}, 0);
  for (const auto& [where, state] : interpreter.surely) {
    std::set<std::uint32_t> claimed;
    for (const analysis::Lock& lock : audit.held().at(where.first, where.second))
      if (lock.what.starts_with("&g")) claimed.insert(static_cast<std::uint32_t>(std::stoul(lock.what.substr(2))));
    for (std::uint32_t mutex : claimed) {
      ++tally.claims;
      if (state.contains(mutex)) continue;
      if (tally.wrong++ > 0) continue;
      std::ostringstream program;
      model::print(program, build.facts);
      tally.first = "seed " + std::to_string(seed) + ": " + build.facts.globals[mutex].name + " said to be held in " + build.facts.functions[where.first].name + " before %" + std::to_string(where.second) + "\n" + program.str();
    }
    for (std::uint32_t mutex : state) tally.missed += !claimed.contains(mutex);
  }
}

}  // namespace

TEST_CASE("one function: what is said to be held is held on every path, and nothing that is goes unsaid") {
  Tally tally;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    Random random{std::mt19937(seed)};
    Build b;
    for (const char* mutex : mutexes) b.global(mutex);
    Code f(b, "f", {"n"});
    fill(random, f, {});
    b.method("f", "f");
    check(b, f.id(), false, tally, seed);
  }
  CHECK(tally.claims > 1000);
  CHECK_MESSAGE(tally.wrong == 0, tally.wrong, " of ", tally.claims, " claims do not hold; ", tally.first);
  CHECK(tally.missed < tally.claims / 10);
}

TEST_CASE("with calls: summaries of what helpers lock and unlock, and what their callers hold") {
  Tally tally;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    Random random{std::mt19937(seed)};
    Build b;
    for (const char* mutex : mutexes) b.global(mutex);
    Code inner(b, "inner", {"n"});
    fill(random, inner, {});
    Code middle(b, "middle", {"n"});
    fill(random, middle, {"inner"});
    Code outer(b, "outer", {"n"});
    fill(random, outer, {"inner", "middle"});
    b.method("outer", "outer");
    check(b, outer.id(), true, tally, seed);
  }
  CHECK(tally.claims > 1000);
  CHECK_MESSAGE(tally.wrong == 0, tally.wrong, " of ", tally.claims, " claims do not hold; ", tally.first);
}
