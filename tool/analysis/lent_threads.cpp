#include "analysis/lent_threads.h"

#include <algorithm>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

bool appends(const std::string& callee) {
  for (const char* end : {"::emplace_back", "::push_back", "::emplace", "::push", "::emplace_front", "::push_front"})
    if (callee.ends_with(end)) return true;
  return false;
}

bool holds_threads(const model::Function& function, const Event& event) {
  if (!appends(event.callee) || event.operands.empty()) return false;
  const Operand& object = event.operands[0];
  if (object.kind != Operand::Kind::place && object.kind != Operand::Kind::address) return false;
  return event.instance.ends_with("thread") ||
         function.places[object.place].type.spelling.find("thread>") != std::string::npos;
}

// Several threads run what it is given, and are done when it returns.
bool runs_in_parallel(const Event& event) {
  if (event.instance.ends_with("::parallel_policy") || event.instance.ends_with("::parallel_unsequenced_policy"))
    return event.callee.starts_with("std::");
  return event.callee.find("tbb::parallel_") != std::string::npos;
}

bool starts_one(const Event& event) {
  if (event.callee == "std::async")  // not one that is put off until somebody asks for the result
    return event.operands.empty() || constant(event.operands[0]).value_or(1) != 2;
  return capi::starts_thread(event.callee) || event.callee.ends_with("tbb::task_group::run") ||
         event.callee == "boost::asio::post" || event.callee == "boost::thread::thread";
}

bool is_sleep(std::string_view callee) { return callee.find("sleep") != std::string_view::npos; }

}  // namespace

LentThreads::LentThreads(const Program& program, const LentPaths& paths, const Held& held)
    : program_(program),
      paths_(paths),
      held_(held),
      starting_(program.facts.functions.size(), false),
      waiting_(program.facts.functions.size(), false),
      queueing_(program.facts.functions.size(), false),
      meeting_(program.facts.functions.size(), false) {
  bool any = false;
  for (const FunctionId id : starting_.ids())
    for (const Event& event : program_.function(id).events) {
      if (!is_call(event)) continue;
      const bool started = starts_one(event) || runs_in_parallel(event) || holds_threads(program_.function(id), event);
      any |= started;
      // A semaphore may be a baton, which keeps an order that no lock shows.
      meeting_[id] = meeting_[id] || event.callee.ends_with("::arrive_and_wait") ||
                     event.callee == "pthread_barrier_wait" || event.callee == "std::latch::wait" ||
                     event.callee == "sem_wait" || event.callee.ends_with("semaphore::acquire");
      starting_[id] = starting_[id] || started, waiting_[id] = waiting_[id] || waits(event);
    }
  if (!any) return;
  find_queues();
  for (const FunctionId id : starting_.ids()) starting_[id] = starting_[id] || queueing_[id];
  starting_ = program_.with_callers(std::move(starting_)), waiting_ = program_.with_callers(std::move(waiting_));
  meeting_ = program_.with_callers(std::move(meeting_));
}

// `jobs.push_back(job)` of functions, in a project whose threads call such functions.
void LentThreads::find_queues() {
  const auto of_functions = [](const Event& event) {
    return event.instance == "std::function" || event.instance == "std::packaged_task";
  };
  Per<FunctionId, bool> calling(starting_.size(), false);
  for (const FunctionId id : calling.ids())
    for (const Event& event : program_.function(id).events)
      if (event.callee == "std::function::operator()" || event.callee == "std::packaged_task::operator()")
        calling[id] = true;
  calling = program_.with_callers(std::move(calling));
  bool run = false;
  for (const FunctionId id : starting_.ids())
    if (starting_[id])
      for (const EventId e : program_.function(id).events.ids())
        if (const auto started = start(id, nullptr, e)) run |= calling[started->code.code];
  if (!run) return;
  for (const FunctionId id : queueing_.ids()) {
    const auto& events = program_.function(id).events;
    queueing_[id] = std::ranges::any_of(events, [&](const Event& event) {
      return is_call(event) && appends(event.callee) && of_functions(event) && !event.operands.empty();
    });
  }
}

std::optional<ThreadStart> LentThreads::start(FunctionId in, const Bindings* known, EventId e) const {
  const model::Function& function = program_.function(in);
  const Event& event = function.events[e];
  if (!is_call(event) || event.implicit) return std::nullopt;
  ThreadStart out;
  out.at_once = runs_in_parallel(event);
  if (!out.at_once && !starts_one(event) && !holds_threads(function, event)) return std::nullopt;
  for (std::size_t i = 0; i < event.operands.size(); ++i) {
    out.code = paths_.of(in, known, event.operands[i], e);
    if (out.code.code == none) continue;
    out.arguments = out.at_once ? event.operands.size() : i + 1, out.handle = handle_of(in, e);
    return out;
  }
  return std::nullopt;
}

// The local, or the member, in whose thread or container of threads it is.
std::string LentThreads::name(FunctionId in, const Operand& operand, EventId at) const {
  const Path path = path_of(program_.function(in), held_.values(in), operand, at);
  std::string text = path.text();
  text = text.substr(0, text.find('['));
  while (text.ends_with('*')) text.pop_back();
  return text;
}

std::string LentThreads::handle_of(FunctionId in, EventId started) const {
  const auto& events = program_.function(in).events;
  const Event& event = events[started];
  const bool names_it = capi::starts_thread(event.callee) || appends(event.callee);
  if (names_it && !event.operands.empty() && event.operands[0].kind != Operand::Kind::unknown)
    return name(in, event.operands[0], started);
  for (EventId e = started + 1; e < events.next_id(); ++e) {
    const Event& later = events[e];
    const auto takes = [&](const Operand& operand) {
      return operand.kind == Operand::Kind::call && operand.event == started;
    };
    if (later.implicit || std::ranges::none_of(later.operands, takes)) continue;
    if (later.kind == Event::Kind::write && later.place != none) {
      Operand held;
      held.kind = Operand::Kind::place, held.place = later.place;
      return name(in, held, e);
    }
    if (is_call(later) && !takes(later.operands[0])) return name(in, later.operands[0], e);
  }
  return "c" + std::to_string(started.n);
}

bool LentThreads::waits(const Event& event) const {
  if (!is_call(event) || is_sleep(event.callee)) return false;
  return capi::blocking(event.callee) != nullptr || event.callee.ends_with("::join") ||
         event.callee.ends_with("::joinable") || event.callee.ends_with("::wait") ||
         event.callee.ends_with("::arrive_and_wait") || event.callee.ends_with("_semaphore::acquire");
}

bool LentThreads::joins(FunctionId in, EventId e, EventId started, const std::string& handle) const {
  const model::Function& function = program_.function(in);
  const Event& event = function.events[e];
  if (!is_call(event)) return false;
  const auto ends = [&](std::string_view what) { return event.callee.ends_with(what); };
  const bool destroyed = event.callee.find("::~") != std::string::npos;
  if (waits(event) || destroyed || ends("::clear")) {
    if (event.operands.empty()) return !destroyed;
    const FunctionId callee = program_.find(event.callee_key);
    if (callee != none) return waiting_[callee];
    const bool one = destroyed || ends("::clear") || ends("join") || ends("::joinable") ||
                     event.callee.find("future") != std::string::npos;
    if (!one) return true;
    // A future that somebody else keeps a promise for.
    if (event.callee.find("future") != std::string::npos && !destroyed &&
        function.events[started].callee != "std::async")
      return true;
    const std::string joined = name(in, event.operands[0], e);
    if (joined == "c" + std::to_string(started.n)) return handle == joined;
    return destroyed || ends("::clear")
               ? joined == handle
               : joined.empty() || joined[0] == 'c' || handle.empty() || handle[0] == 'c' || joined == handle;
  }
  if (const FunctionId callee = program_.find(event.callee_key); callee != none) return waiting_[callee];
  bool by_lambda = false;
  for (const Operand& operand : event.operands)
    if (operand.kind == Operand::Kind::function)
      if (const FunctionId code = program_.find(operand.function); code != none)
        by_lambda |= waiting_[code] && capi::calls_at_once(event.callee);
  return by_lambda;
}

}  // namespace ftaudit::analysis
