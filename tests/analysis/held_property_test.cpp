// Held against a tiny interpreter: programs made at random, run along every path up to a length. What Held says is held
// must be held on each of them. Programs lock, try to lock, open sections in sections, branch on what they kept, and
// call helpers that do the same and return which way they went.
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

const char* const mutexes[] = {"MUTEX_A", "MUTEX_B"};
const char* const flags[] = {"x", "y"};  // locals that are 0 or 1

struct Random {
  std::mt19937 source;
  unsigned below(unsigned n) { return source() % n; }
};

// A function of a few blocks in which forward and backward edges, locks, unlocks and sections stand anywhere.
struct Author {
  Random& random;
  Code& f;
  const std::vector<std::string>& callable;
  std::vector<std::string> tokens{};

  EventId call() { return f.call(callable[random.below(static_cast<unsigned>(callable.size()))]); }
  void event() {
    const std::string mutex = mutexes[random.below(2)], flag = flags[random.below(2)];
    switch (random.below(callable.empty() ? 13 : 16)) {
      case 0:
      case 1: f.call("PyMutex_Lock", {f.address(mutex)}); break;
      case 2:
      case 3: f.call("PyMutex_Unlock", {f.address(mutex)}); break;
      case 4: f.call("pthread_mutex_unlock", {f.address("MUTEX_N")}); break;
      case 5: f.set(flag, result(f.call("pthread_mutex_trylock", {f.address("MUTEX_N")}))); break;
      case 6: f.set(flag, result(f.call("PyMutex_LockFast", {f.address(mutex)}))); break;
      case 7:
      case 8:
        tokens.push_back("cs" + std::to_string(tokens.size()));
        f.call("PyCriticalSection_Begin",
               {f.address(tokens.back()), f.value(random.below(2) ? "OBJECT_A" : "OBJECT_B")});
        break;
      case 9:
      case 10:
        if (!tokens.empty())
          f.call("PyCriticalSection_End",
                 {f.address(random.below(3) ? tokens.back()
                                            : tokens[random.below(static_cast<unsigned>(tokens.size()))])});
        break;
      case 11: f.set(flag, number(random.below(2))); break;
      case 12: f.here_is(); break;
      case 13: call(); break;
      default: f.set(flag, result(call())); break;
    }
  }
  EventId condition() {
    const Operand flag = f.value(flags[random.below(2)]);
    switch (random.below(5)) {
      case 0: return f.truth(result(f.here_is()));
      case 1: return f.compare(flag, Event::Operator::equal, number(0));
      case 2: return f.truth(result(f.call("PyMutex_LockFast", {f.address(mutexes[random.below(2)])})));
      default: return f.truth(flag);
    }
  }
  void write() {
    const unsigned blocks = 1 + random.below(6);
    std::vector<EventId> conditions;
    for (unsigned n = 0; n < blocks; ++n) {
      if (n > 0) f.block();
      for (unsigned events = random.below(4); events > 0; --events) event();
      conditions.push_back(condition());
    }
    f.block();
    f.leave({random.below(2) ? number(random.below(2)) : f.value("x")});
    for (std::uint32_t n = 0; n < blocks; ++n) {
      // Forward to the next so that all are reached, and once in a while anywhere.
      if (random.below(3) == 0) f.go(n, {n + 1});
      else f.go(n, {n + 1, 1 + random.below(blocks)}, conditions[n]);
    }
  }
};

// An open lock: its name as Held's identities have it, and for a section the call of which function opened it.
struct Open {
  std::string what;
  unsigned depth = 0;
  std::uint32_t token = 0;
  auto operator<=>(const Open&) const = default;
};
struct State {
  std::vector<Open> open;
  std::map<std::uint32_t, int> locals;  // of the function that runs: flags by variable
  std::map<EventId, int> results;       // its calls, as they came out last
  auto operator<=>(const State&) const = default;

  std::set<std::string> held() const {
    std::set<std::string> out;
    for (const Open& one : open)
      if (one.what[0] == '&') out.insert(one.what);
    const auto innermost = std::find_if(open.rbegin(), open.rend(), [](const Open& one) { return one.what[0] != '&'; });
    if (innermost != open.rend()) out.insert(innermost->what);
    return out;
  }
};

struct Interpreter {
  const model::Facts& facts;
  bool strict = false;  // a deadlock, an unlock of what is not held, or an end out of order: no path goes on there
  std::map<std::pair<FunctionId, EventId>, std::set<std::string>> surely;  // over all paths run: held on each
  std::size_t steps = 0;
  static constexpr std::size_t most = 60000;  // a program with more ways than that is left out

  // Runs `function` with these locks open; gives the locks it can end with and what it returned.
  std::set<std::pair<std::vector<Open>, int>> run(FunctionId id, const std::vector<Open>& open, unsigned depth) {
    std::set<std::pair<std::vector<Open>, int>> ends;
    const model::Function& function = facts.functions[id];
    std::set<std::pair<std::uint32_t, State>> seen;
    std::vector<std::pair<std::uint32_t, State>> queue;
    for (int flags_are = 0; flags_are < 4; ++flags_are) {
      State first{open, {}, {}};
      for (std::uint32_t v = 0; v < function.variables.size(); ++v)
        if (function.variables[v].name == "x" || function.variables[v].name == "y")
          first.locals[v] = function.variables[v].name == "x" ? flags_are & 1 : flags_are >> 1;
      queue.emplace_back(0, first);
    }
    while (!queue.empty()) {
      auto [block, at_begin] = queue.back();
      queue.pop_back();
      if (!seen.emplace(block, at_begin).second) continue;
      std::set<State> states{at_begin};
      for (const EventId e : function.blocks[block].events()) {
        std::set<State> after;
        for (const State& state : states) {
          if (++steps > most) return {};
          note(id, e, state);
          for (State& next : step(id, e, state, depth)) after.insert(std::move(next));
        }
        states = std::move(after);
      }
      for (const State& state : states) go_on(function, block, state, depth, queue, ends);
    }
    return ends;
  }

  void go_on(const model::Function& function, std::uint32_t at, const State& state, unsigned depth,
             std::vector<std::pair<std::uint32_t, State>>& queue, std::set<std::pair<std::vector<Open>, int>>& ends) {
    const model::Block& block = function.blocks[at];
    if (block.successors.empty()) {
      // A section of its own that it left open: the end of a program that is wrong.
      if (strict && std::any_of(state.open.begin(), state.open.end(),
                                [&](const Open& one) { return one.what[0] != '&' && one.depth == depth; }))
        return;
      ends.emplace(state.open, value(function, state, function.events[block.last - 1].operands[0]));
    } else if (block.condition == model::none) {
      queue.emplace_back(block.successors[0], state);
    } else {
      const Event& asked = function.events[block.condition];
      const bool truth = asked.op == Event::Operator::truth;
      queue.emplace_back(block.successors[(value(function, state, asked.operands[0]) != 0) == truth ? 0 : 1], state);
    }
  }

  int value(const model::Function& function, const State& state, const Operand& operand) const {
    if (operand.kind == Operand::Kind::number) return static_cast<int>(operand.number);
    if (operand.kind == Operand::Kind::call)
      return state.results.contains(operand.event) ? state.results.at(operand.event) : 0;
    return state.locals.contains(function.places[operand.place].variable)
               ? state.locals.at(function.places[operand.place].variable)
               : 0;
  }

  std::vector<State> step(FunctionId id, EventId at, State state, unsigned depth) {
    const model::Function& function = facts.functions[id];
    const Event& event = function.events[at];
    if (event.kind == Event::Kind::write) {
      state.locals[function.places[event.place].variable] = value(function, state, event.operands[0]);
      return {state};
    }
    if (!analysis::is_call(event)) return {state};
    if (event.callee == "PyCriticalSection_Begin") return begin(function, event, std::move(state), depth);
    if (event.callee == "PyCriticalSection_End") return end(function, event, std::move(state), depth);
    if (event.callee == "PyErr_Occurred") return outcomes(at, state, state, 0, 1);
    if (capi::LockCalls().find(event.callee) != nullptr) return mutex(function, at, std::move(state));
    std::vector<State> out;
    for (const FunctionId callee : facts.functions.ids())
      if (facts.functions[callee].key == event.callee_key)
        for (const auto& [open, returned] : run(callee, state.open, depth + 1)) {
          State after = state;
          after.open = open, after.results[at] = returned;
          out.push_back(std::move(after));
        }
    return out;
  }

  static std::vector<State> outcomes(EventId at, State one, State other, int first, int second) {
    one.results[at] = first, other.results[at] = second;
    return {one, other};
  }

  std::vector<State> mutex(const model::Function& function, EventId at, State state) const {
    const Event& event = function.events[at];
    const Open lock{"&g" + std::to_string(function.places[event.operands[0].place].global.n)};
    const auto found = std::find(state.open.begin(), state.open.end(), lock);
    if (event.kind == Event::Kind::release) {
      if (found == state.open.end()) return strict ? std::vector<State>{} : std::vector<State>{state};
      state.open.erase(found);
      return {state};
    }
    const bool is_try = event.kind == Event::Kind::call, zero = event.callee == "pthread_mutex_trylock";
    if (is_try && found != state.open.end()) {
      state.results[at] = zero;  // it is taken: by this thread
      return {state};
    }
    State taken = state;
    if (found == state.open.end()) taken.open.push_back(lock);
    if (event.callee == "pthread_mutex_trylock") return outcomes(at, std::move(state), std::move(taken), 1, 0);
    if (event.callee == "PyMutex_LockFast") return outcomes(at, std::move(state), std::move(taken), 0, 1);
    return strict && found != state.open.end() ? std::vector<State>{} : std::vector<State>{taken};
  }

  static std::uint32_t token(const model::Function& function, const Event& event) {
    return function.places[event.operands[0].place].variable;
  }
  std::vector<State> begin(const model::Function& function, const Event& event, State state, unsigned depth) const {
    const auto again = [&](const Open& one) {
      return one.what[0] != '&' && one.depth == depth && one.token == token(function, event);
    };
    if (strict && std::any_of(state.open.begin(), state.open.end(), again)) return {};
    std::erase_if(state.open, again);
    state.open.push_back(
        {"g" + std::to_string(function.places[event.operands[1].place].global.n), depth, token(function, event)});
    return {state};
  }
  std::vector<State> end(const model::Function& function, const Event& event, State state, unsigned depth) const {
    const auto its_own = [&](const Open& one) {
      return one.what[0] != '&' && one.depth == depth && one.token == token(function, event);
    };
    const auto innermost =
        std::find_if(state.open.rbegin(), state.open.rend(), [](const Open& one) { return one.what[0] != '&'; });
    if (strict && (innermost == state.open.rend() || !its_own(*innermost))) return {};
    std::erase_if(state.open, its_own);
    return {state};
  }

  void note(FunctionId id, EventId event, const State& state) {
    const std::set<std::string> held = state.held();
    const auto [it, is_new] = surely.try_emplace({id, event}, held);
    if (is_new) return;
    std::erase_if(it->second, [&](const std::string& one) { return !held.contains(one); });
  }
};

struct Tally {
  unsigned programs = 0, claims = 0, sections = 0, wrong = 0, missed = 0;
  std::string first;
};

void check(const Build& build, FunctionId main, bool strict, Tally& tally, unsigned seed) {
  const Audit audit(build.facts, {});
  Interpreter interpreter{build.facts, strict, {}};
  interpreter.run(main, {}, 0);
  if (interpreter.steps > Interpreter::most) return;
  ++tally.programs;
  for (const auto& [where, held] : interpreter.surely) {
    std::set<std::string> claimed;
    for (const analysis::Lock& lock : audit.held().at(where.first, where.second)) claimed.insert(lock.what);
    for (const std::string& what : claimed) {
      ++tally.claims;
      tally.sections += what[0] != '&';
      if (held.contains(what)) continue;
      if (tally.wrong++ > 0) continue;
      std::ostringstream program;
      model::print(program, build.facts);
      tally.first = "seed " + std::to_string(seed) + ": " + what + " said to be held in " +
                    build.facts.functions[where.first].name + " before %" + std::to_string(where.second.n) + "\n" +
                    program.str();
    }
    for (const std::string& what : held) tally.missed += !claimed.contains(what);
  }
}

void prepare(Build& b) {
  for (const char* name : {"MUTEX_A", "MUTEX_B", "MUTEX_N", "OBJECT_A", "OBJECT_B"}) b.global(name);
}

}  // namespace

TEST_CASE("one function: what is said to be held is held on every path, and nothing that is goes unsaid") {
  Tally tally;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    Random random{std::mt19937(seed)};
    Build b;
    prepare(b);
    Code f(b, "f", {"n"});
    Author{random, f, {}}.write();
    b.method("f", "f");
    check(b, f.id(), false, tally, seed);
  }
  CHECK(tally.programs > 1900);
  CHECK(tally.claims > 2000);
  CHECK(tally.sections > 500);
  CHECK_MESSAGE(tally.wrong == 0, tally.wrong, " of ", tally.claims, " claims do not hold; ", tally.first);
  CHECK(tally.missed < tally.claims / 20);
}

TEST_CASE("with calls: summaries of what helpers lock, unlock and return, and what their callers hold") {
  Tally tally;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    Random random{std::mt19937(seed)};
    Build b;
    prepare(b);
    const std::vector<std::string> lowest, low{"inner"}, high{"inner", "middle"};
    Code inner(b, "inner", {"n"});
    Author{random, inner, lowest}.write();
    Code middle(b, "middle", {"n"});
    Author{random, middle, low}.write();
    Code outer(b, "outer", {"n"});
    Author{random, outer, high}.write();
    b.method("outer", "outer");
    check(b, outer.id(), true, tally, seed);
  }
  CHECK(tally.programs > 1200);
  CHECK(tally.claims > 2000);
  CHECK(tally.sections > 500);
  CHECK_MESSAGE(tally.wrong == 0, tally.wrong, " of ", tally.claims, " claims do not hold; ", tally.first);
}
