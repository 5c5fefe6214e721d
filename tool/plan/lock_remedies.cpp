// Locks that are there already: taken in one order, given back before Python runs, and waited for without keeping the
// interpreter.
#include <algorithm>
#include <map>

#include "analysis/lock_names.h"
#include "analysis/lock_order.h"
#include "analysis/python_calls.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Lock;
using analysis::Ordered;
using analysis::Runs;
using analysis::Site;
using capi::LockCall;
using model::Event;
using model::Operand;
using model::Place;

namespace {

class Locks {
 public:
  Locks(const Audit& audit, const Refused& refused, Remedies& out) : audit_(audit), refused_(refused), out_(out) {}

  void work_out() {
    for (const std::vector<Ordered>& circle : audit_.lock_order().circles())
      if (circle.size() == 2 && !order(circle[0])) order(circle[1]);
    audit_.each_concurrent_function([&](FunctionId id) { let_go_first(id); });
    wait_detached();
  }

 private:
  // Both are taken one right after the other, so that it makes no difference to anything else which comes first.
  bool order(const Ordered& order) {
    const FunctionId id = order.taken.function;
    if (order.held_since.function != id || (order.inside.function != none && !(order.inside == order.taken)))
      return false;
    const EventId first = order.held_since.event, second = order.taken.event;
    if (first >= second || audit_.program().flow(id).block_of[first] != audit_.program().flow(id).block_of[second])
      return false;
    const model::Function& function = audit_.program().function(id);
    for (EventId e = first + 1; e < second; ++e)
      if (function.events[e].kind != Event::Kind::read) return false;
    Remedy remedy{.kind = StepKind::lock_order, .key = "lock-order " + order.first + " " + order.second};
    if (refused_.contains(remedy.key)) return false;
    Edit edit{.does = Edit::Does::swap, .function = id, .first = first, .last = second};
    remedy.edits.push_back(edit);
    remedy.functions.insert(id);
    remedy.states = {order.first, order.second};
    remedy.speaks_of = {audit_.location(order.held_since), audit_.location(order.taken)};
    for (const auto& circle : audit_.lock_order().circles())
      for (const Ordered& one : circle)
        if (one.first == order.second && one.second == order.first) remedy.speaks_of.insert(audit_.location(one.taken));
    remedy.places.push_back(
        place_at(audit_, id, first, "take " + order.second_text + " first, then " + order.first_text));
    remedy.what =
        "take " + order.second_text + " before " + order.first_text + " in " + function.name + ", as elsewhere";
    remedy.because = "one order everywhere, and nobody waits for a thread that waits for him";
    remedy.otherwise = "both at once: std::scoped_lock, or one lock for both";
    out_.push_back(std::move(remedy));
    return true;
  }

  // What nobody else has to wait for: between the call and the release nothing is touched that the lock is for.
  bool touches_shared(FunctionId id, EventId from, EventId to) const {
    const model::Function& function = audit_.program().function(id);
    for (EventId e = from; e < to; ++e) {
      const Event& event = function.events[e];
      if (event.kind == Event::Kind::acquire || event.kind == Event::Kind::release) return true;
      // What a function of the project's own touches is not looked into.
      if (std::ranges::any_of(audit_.program().calls_from(id),
                              [&](const analysis::Edge& edge) { return edge.event == e; }))
        return true;
      if (event.place == none || (event.kind != Event::Kind::read && event.kind != Event::Kind::write)) continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::variable || !place.steps.empty()) return true;
    }
    return false;
  }

  void let_go_first(FunctionId id) {
    if (!audit_.held().is_busy(id)) return;
    const model::Function& function = audit_.program().function(id);
    const analysis::Flow& flow = audit_.program().flow(id);
    for (const EventId release : function.events.ids()) {
      const Event& event = function.events[release];
      if (event.kind != Event::Kind::release || event.implicit || event.operands.empty() ||
          audit_.program().lock_call(event.callee) == nullptr)
        continue;
      if (event.operands[0].kind == Operand::Kind::call) continue;
      EventId first = none;
      for (EventId e = release; e-- > EventId(0) && flow.block_of[e] == flow.block_of[release];) {
        if (!analysis::is_call(function.events[e])) continue;
        const bool held = std::ranges::any_of(audit_.held().at(id, e), [&](const Lock& lock) {
          return lock.acquired != none && !analysis::is_section(lock) && is_given_back(id, lock, release);
        });
        if (!held || touches_shared(id, e, release)) break;
        if (calls_.event({id, e}) != Runs::nothing) first = e;
      }
      if (first == none) continue;
      const std::string name = audit_.text({id, release}, event.operands[0]);
      const std::string shown = name.starts_with("&") ? name.substr(1) : name;
      Remedy remedy{.kind = StepKind::shorter_lock, .key = "shorter-lock " + function.name + " " + shown};
      if (refused_.contains(remedy.key)) continue;
      remedy.edits.push_back({.does = Edit::Does::let_go_first, .function = id, .first = first, .last = release});
      for (EventId e = first; e < release; ++e)
        if (analysis::is_call(function.events[e])) remedy.speaks_of.insert(audit_.location(Site{id, e}));
      remedy.functions.insert(id);
      remedy.states = {shown};
      remedy.places.push_back(
          place_at(audit_, id, first, event.callee + "(" + name + ") before this, and not behind it"));
      remedy.what = "let " + shown + " go before " + function.events[first].callee + " in " + function.name;
      remedy.because = "nothing that it guards is touched from there on, and what runs there may come back for it";
      out_.push_back(std::move(remedy));
    }
  }

  bool is_given_back(FunctionId id, const Lock& lock, EventId release) const {
    const model::Function& function = audit_.program().function(id);
    if (!function.events.has(lock.acquired)) return false;
    const std::vector<Operand> taken = lock_operands(audit_, id, lock.acquired);
    const analysis::Values& values = audit_.values(id);
    return std::ranges::any_of(taken, [&](const Operand& operand) {
      return values.identity(operand, lock.acquired) == values.identity(function.events[release].operands[0], release);
    });
  }

  struct Mutex {
    model::GlobalId global{none};
    std::string record, field, name;
    std::vector<Site> taken;
    std::set<FunctionId> functions;
    bool plain = true;  // nothing is done with it but to lock and unlock it
  };

  // A native lock whose waiters stay attached: as a PyMutex its wait detaches.
  void wait_detached() {
    std::map<std::string, Mutex> mutexes;
    for (const FunctionId id : audit_.facts().functions.ids()) {
      const model::Function& function = audit_.program().function(id);
      for (const EventId e : function.events.ids()) {
        const Event& event = function.events[e];
        if (!analysis::is_call(event)) continue;
        for (const Operand& operand : event.operands) {
          if (operand.kind != Operand::Kind::address) continue;
          const Place& place = function.places[operand.place];
          Mutex mutex;
          std::string key;
          if (place.root == Place::Root::global && place.steps.empty()) {
            mutex.global = place.global, mutex.name = audit_.facts().globals[place.global].name;
            key = "g " + mutex.name;
          } else if (!place.steps.empty() && place.steps.back().kind == model::Step::Kind::field) {
            mutex.record = place.steps.back().record, mutex.field = place.steps.back().field;
            mutex.name = mutex.record + "." + mutex.field, key = "f " + mutex.name;
          } else {
            continue;
          }
          const model::Type& type = place.type;
          if (type.record != "pthread_mutex_t" && type.spelling != "pthread_mutex_t") continue;
          Mutex& known = mutexes.try_emplace(key, mutex).first->second;
          known.functions.insert(id);
          if (event.callee == "pthread_mutex_lock") known.taken.push_back({id, e});
          else if (event.callee != "pthread_mutex_unlock" && event.callee != "pthread_mutex_init" &&
                   event.callee != "pthread_mutex_destroy")
            known.plain = false;
        }
      }
    }
    for (auto& [key, mutex] : mutexes) {
      Remedy remedy{.kind = StepKind::detached_wait, .key = "detached-wait " + mutex.name};
      if (!mutex.plain || mutex.taken.empty() || refused_.contains(remedy.key)) continue;
      Edit edit{.does = Edit::Does::wait_detached};
      edit.global = mutex.global, edit.record = mutex.record, edit.field = mutex.field;
      remedy.edits.push_back(edit);
      for (const Site& site : mutex.taken) {
        remedy.speaks_of.insert(audit_.location(site));
        remedy.places.push_back(place_at(audit_, site.function, site.event, "PyMutex_Lock, PyMutex_Unlock"));
      }
      remedy.functions = mutex.functions;
      remedy.states = {mutex.name};
      remedy.what = "make " + mutex.name + " a PyMutex";
      remedy.because = "who waits for it lets the interpreter go, so that its holder can get on";
      remedy.otherwise = "Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS around the wait";
      out_.push_back(std::move(remedy));
    }
  }

  const Audit& audit_;
  const Refused& refused_;
  Remedies& out_;
  const analysis::PythonCalls calls_{audit_};
};

}  // namespace

void lock_remedies(const Audit& audit, const Refused& refused, Remedies& out) { Locks(audit, refused, out).work_out(); }

}  // namespace ftaudit::plan
