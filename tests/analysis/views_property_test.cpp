// Views and the races found from them, against programs that are run. Programs made at random: methods that lock,
// access fields of what they are given and of new objects, and call helpers that do the same. Inlined call by call,
// each access has the locks that the views say; and of two threads, run in every interleaving, no race goes untold.
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "analysis/conflicts.h"
#include "build.h"
#include "model/print.h"

using namespace ftaudit;
using namespace ftaudit::test;

namespace {

struct Random {
  std::mt19937 source;
  unsigned below(unsigned n) { return source() % n; }
};

const char* const fields[] = {"a", "b"};

// Bodies of a few accesses, locked stretches and calls, one within the other.
struct Author {
  Random& random;
  Code& f;
  const std::vector<std::string>& callable;
  unsigned sections = 0, made = 0;

  std::string object() {
    if (made > 0 && random.below(4) == 0) return "made" + std::to_string(random.below(made));
    return random.below(3) ? "self" : "other";
  }
  void access() {
    const Operand place = f.field(object(), {fields[random.below(2)]});
    if (random.below(2)) f.read(place);
    else f.write(place, number(1));
  }
  void locked(unsigned depth) {
    const std::string on = random.below(4) ? "self" : "other", token = "cs" + std::to_string(sections++);
    switch (random.below(3)) {
      case 0:
        f.call("PyMutex_Lock", {f.address("MUTEX")});
        items(depth + 1);
        f.call("PyMutex_Unlock", {f.address("MUTEX")});
        break;
      case 1:
        f.call("PyMutex_Lock", {f.address(on, {"mu"})});
        items(depth + 1);
        f.call("PyMutex_Unlock", {f.address(on, {"mu"})});
        break;
      default:
        f.call("PyCriticalSection_Begin", {f.address(token), f.value(on)});
        items(depth + 1);
        f.call("PyCriticalSection_End", {f.address(token)});
    }
  }
  void item(unsigned depth) {
    switch (random.below(depth < 2 ? 8 : 5)) {
      case 0:
      case 1: return access();
      case 2:
      case 3:
        if (callable.empty()) return access();
        f.call(callable[random.below(static_cast<unsigned>(callable.size()))], {f.value(object()), f.value(object())});
        return;
      case 4:
        if (made > 1 || depth > 0) return access();
        f.set("made" + std::to_string(made), result(f.call("PyType_GenericAlloc", {f.value("TYPE"), number(0)})));
        ++made;
        return;
      default: return locked(depth);
    }
  }
  void items(unsigned depth) {
    for (unsigned left = 1 + random.below(3); left > 0; --left) item(depth);
  }
  void write() {
    items(0);
    f.leave();
  }
};

struct Program {
  Build build;
  std::vector<FunctionId> methods;

  explicit Program(unsigned seed) {
    Random random{std::mt19937(seed)};
    for (const char* field : fields) build.field(field, scalar());
    build.global("MUTEX"), build.global("TYPE");
    const std::vector<std::vector<std::string>> callable{{}, {"low0", "low1"}, {"low0", "low1", "middle0", "middle1"}};
    const char* const levels[] = {"low", "middle", "method"};
    for (unsigned level = 0; level < 3; ++level)
      for (unsigned n = 0; n < 2; ++n) {
        const std::string name = levels[level] + std::to_string(n);
        Code f(build, name, {"self", "other"});
        Author{random, f, callable[level]}.write();
        if (level < 2) continue;
        methods.push_back(f.id());
        build.method("m.T." + name, name, 8);
      }
  }
};

// What a thread does, one thing after the other, with the objects that it was given. 0 and 1 are the shared ones.
struct Step {
  enum class Does { access, lock, unlock, begin, end };
  Does does = Does::access;
  int object = 0;  // -1: the global mutex
  std::string field;
  bool write = false;
  analysis::Site site;
};

class Tracer {
 public:
  explicit Tracer(const model::Facts& facts, int first_new) : facts_(facts), next_(first_new) {}
  std::vector<Step> trace;

  // False for a program that would wait for itself, or is too long.
  bool run(FunctionId id, int self, int other) {
    const model::Function& function = facts_.functions[id];
    std::map<std::uint32_t, int> objects{{0, self}, {1, other}};
    std::map<std::uint32_t, int> tokens;
    std::map<EventId, int> results;
    const auto object = [&](const Operand& operand) { return objects[function.places[operand.place].variable]; };
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      Step step{.site = {id, e}};
      if (event.kind == Event::Kind::leave) continue;
      if (event.kind == Event::Kind::read || event.kind == Event::Kind::write) {
        const Place& place = function.places[event.place];
        if (place.steps.empty()) {
          objects[place.variable] = results[event.operands[0].event];
          continue;
        }
        step.object = objects[place.variable], step.field = place.steps.back().field;
        step.write = event.kind == Event::Kind::write;
      } else if (event.callee == "PyType_GenericAlloc") {
        results[e] = next_++;
        continue;
      } else if (event.callee.starts_with("PyMutex")) {
        const Place& place = function.places[event.operands[0].place];
        step.does = event.kind == Event::Kind::acquire ? Step::Does::lock : Step::Does::unlock;
        step.object = place.root == Place::Root::global ? -1 : objects[place.variable];
      } else if (event.callee == "PyCriticalSection_Begin") {
        step.does = Step::Does::begin, step.object = object(event.operands[1]);
        tokens[function.places[event.operands[0].place].variable] = step.object;
      } else if (event.callee == "PyCriticalSection_End") {
        step.does = Step::Does::end, step.object = tokens[function.places[event.operands[0].place].variable];
      } else {
        FunctionId callee;
        while (facts_.functions[callee].key != event.callee_key) ++callee;
        if (!run(callee, object(event.operands[0]), object(event.operands[1]))) return false;
        continue;
      }
      if (!add(std::move(step))) return false;
    }
    return true;
  }

 private:
  bool add(Step step) {
    std::multiset<int>& held = step.does == Step::Does::lock || step.does == Step::Does::unlock ? mutexes_ : sections_;
    if (step.does == Step::Does::lock || step.does == Step::Does::begin) {
      if (held.contains(step.object)) return false;
      held.insert(step.object);
    } else if (step.does != Step::Does::access) {
      held.erase(step.object);
    }
    trace.push_back(std::move(step));
    return trace.size() < 60;
  }

  const model::Facts& facts_;
  int next_;
  std::multiset<int> mutexes_, sections_;
};

std::string printed(const Build& build, unsigned seed) {
  std::ostringstream out;
  out << "seed " << seed << "\n";
  model::print(out, build.facts);
  return out.str();
}

using Seen = std::set<std::string>;
std::string seen(const model::Facts& facts, const analysis::Site& site, const std::set<std::string>& locks,
                 bool another) {
  std::string out = facts.functions[site.function].name + " %" + std::to_string(site.event.n);
  for (const std::string& lock : locks) out += " " + lock;
  return out + (another ? " another's" : "");
}

// Every access to a shared object, with what is held there, relative to the object.
void inlined(const Build& build, const std::vector<Step>& trace, std::uint32_t mutex, Seen& out) {
  std::vector<int> mutexes, sections;
  for (const Step& step : trace) {
    switch (step.does) {
      case Step::Does::lock: mutexes.push_back(step.object); break;
      case Step::Does::unlock: std::erase(mutexes, step.object); break;
      case Step::Does::begin: sections.push_back(step.object); break;
      case Step::Does::end: sections.pop_back(); break;
      case Step::Does::access: {
        if (step.object > 1) break;
        std::set<std::string> locks;
        bool another = false;
        for (const int held : mutexes)
          if (held == -1) locks.insert("&g" + std::to_string(mutex));
          else if (held == step.object) locks.insert("&*.mu");
          else another = true;
        if (!sections.empty() && sections.back() == step.object) locks.insert("section");
        else if (!sections.empty()) another = true;
        out.insert(seen(build.facts, step.site, locks, another));
      }
    }
  }
}

using Where = std::pair<FunctionId, EventId>;
Where where(const analysis::Site& site) { return {site.function, site.event}; }

// Two threads in every interleaving.
class Machine {
 public:
  Machine(const std::vector<Step>& one, const std::vector<Step>& two) : traces_{&one, &two} {}
  std::set<std::pair<Where, Where>> races;

  void run() {
    std::set<Both> known;
    std::vector<Both> queue{{}};
    while (!queue.empty()) {
      const Both now = queue.back();
      queue.pop_back();
      if (!known.insert(now).second) continue;
      const Step *first = access(now, 0), *second = access(now, 1);
      if (first != nullptr && second != nullptr && first->object == second->object && first->field == second->field &&
          (first->write || second->write))
        races.emplace(where(first->site), where(second->site));
      for (int thread = 0; thread < 2; ++thread) {
        Both next = now;
        if (step(next, thread)) queue.push_back(std::move(next));
      }
    }
  }

 private:
  struct Section {
    int object = 0;
    bool active = true;
    auto operator<=>(const Section&) const = default;
  };
  struct Thread {
    std::size_t at = 0;
    std::set<int> mutexes;
    std::vector<Section> sections;
    bool waits = false;  // at the begin of a section, with those around it let go
    auto operator<=>(const Thread&) const = default;
  };
  using Both = std::array<Thread, 2>;

  static bool is_open(const Thread& thread, int object) {
    return std::any_of(thread.sections.begin(), thread.sections.end(),
                       [&](const Section& one) { return one.active && one.object == object; });
  }
  // It has to get back a section that it let go while it waited for one inside it.
  static bool must_resume(const Thread& thread) {
    return !thread.waits && !thread.sections.empty() && !thread.sections.back().active;
  }
  const Step* access(const Both& now, int thread) const {
    const Thread& own = now[static_cast<std::size_t>(thread)];
    const std::vector<Step>& trace = *traces_[thread];
    if (own.at >= trace.size() || must_resume(own) || trace[own.at].does != Step::Does::access) return nullptr;
    return &trace[own.at];
  }

  bool step(Both& now, int number) const {
    Thread &own = now[static_cast<std::size_t>(number)], &other = now[static_cast<std::size_t>(1 - number)];
    if (must_resume(own)) {
      if (is_open(other, own.sections.back().object)) return false;
      own.sections.back().active = true;
      return true;
    }
    if (own.at >= traces_[number]->size()) return false;
    const Step& next = (*traces_[number])[own.at];
    switch (next.does) {
      case Step::Does::access: break;
      case Step::Does::lock:
        if (other.mutexes.contains(next.object)) return false;
        own.mutexes.insert(next.object);
        break;
      case Step::Does::unlock: own.mutexes.erase(next.object); break;
      case Step::Does::end: own.sections.pop_back(); break;
      case Step::Does::begin:
        if (is_open(other, next.object)) {
          if (own.waits) return false;
          own.waits = true;
          for (Section& one : own.sections) one.active = false;
          return true;
        }
        own.waits = false;
        own.sections.push_back({next.object});
    }
    ++own.at;
    return true;
  }

  const std::vector<Step>* traces_[2];
};

}  // namespace

TEST_CASE("views hold at each access what inlining every call holds there, and no more ways than that") {
  unsigned programs = 0, accesses = 0, wrong = 0;
  std::string first;
  for (unsigned seed = 1; seed <= 8000; ++seed) {
    const Program program(seed);
    const std::uint32_t mutex = 0;
    Seen expected;
    bool runs = true;
    for (const FunctionId method : program.methods) {
      Tracer tracer(program.build.facts, 2);
      runs = runs && tracer.run(method, 0, 1);
      if (runs) inlined(program.build, tracer.trace, mutex, expected);
    }
    if (!runs) continue;
    const Audit audit(program.build.facts, {});
    Seen found;
    for (const analysis::State& state : audit.shared().states())
      for (const analysis::Access& access : state.accesses)
        found.insert(seen(program.build.facts, access.site, {access.locks.begin(), access.locks.end()},
                          access.other_lock || access.unknown_lock));
    ++programs, accesses += static_cast<unsigned>(expected.size());
    if (found == expected) continue;
    if (wrong++ > 0) continue;
    for (const std::string& one : expected)
      if (!found.contains(one)) first += "not seen: " + one + "\n";
    for (const std::string& one : found)
      if (!expected.contains(one)) first += "in no way: " + one + "\n";
    first += printed(program.build, seed);
  }
  CHECK(programs > 1500);
  CHECK(accesses > 10000);
  CHECK_MESSAGE(wrong == 0, wrong, " of ", programs, " programs; ", first);
}

TEST_CASE("of two threads in every interleaving, no race goes untold") {
  unsigned programs = 0, races = 0, untold = 0;
  std::string first;
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    const Program program(seed);
    std::set<std::pair<Where, Where>> seen;
    bool runs = true;
    for (const FunctionId one : program.methods)
      for (const FunctionId two : program.methods)
        for (const int self : {0, 1}) {
          Tracer left(program.build.facts, 2), right(program.build.facts, 20);
          runs = runs && left.run(one, 0, 1) && right.run(two, self, 1 - self);
          if (!runs) break;
          Machine machine(left.trace, right.trace);
          machine.run();
          seen.merge(machine.races);
        }
    if (!runs) continue;
    ++programs, races += static_cast<unsigned>(seen.size());
    const Audit audit(program.build.facts, {});
    const auto is_told = [&](const Where& a, const Where& b) {
      for (const analysis::Conflict& conflict : audit.conflicts().all())
        for (const analysis::Party& side : conflict.sides)
          if (where(side.access->site) == a || where(side.access->site) == b) return true;
      return false;
    };
    for (const auto& [a, b] : seen) {
      if (is_told(a, b)) continue;
      if (untold++ == 0)
        first = program.build.facts.functions[a.first].name + " %" + std::to_string(a.second.n) + " and " +
                program.build.facts.functions[b.first].name + " %" + std::to_string(b.second.n) + "\n" +
                printed(program.build, seed);
    }
  }
  CHECK(programs > 700);
  CHECK(races > 5000);
  CHECK_MESSAGE(untold == 0, untold, " of ", races, " races; ", first);
}
