#include "dynamic/sightings/sighting.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/text.h"
#include "cython/frames.h"
#include "dynamic/sightings/report_text.h"
#include "dynamic/tsan/tsan.h"
#include "dynamic/watch/watch.h"

namespace ftaudit::dynamic {
namespace {

using tsan::Frame;
using tsan::Report;
using tsan::Stack;
using Kind = Sighting::Kind;

// Behind this frame Python code runs: what it does is its own, not that of the extension that called it.
bool runs_python(std::string_view function) {
  return function.starts_with("_PyEval_EvalFrame") || function == "_PyEval_Vector";
}

bool is_freeing(const Stack& stack) {
  if (stack.frames.empty()) return false;
  const std::string_view top = stack.frames.front().function;
  return top == "free" || top.starts_with("operator delete") || top == "realloc" || top == "munmap";
}

std::optional<Site> site_at(const Frame& frame, const Ours& ours) {
  if (!ours.is_ours(frame.module)) return std::nullopt;
  const Ours::Place place = ours.place(frame.file, frame.line, frame.column, frame.function);
  // Without debug information the module alone says that it is the project's.
  if (place.file.empty() && !frame.file.empty()) return std::nullopt;
  Site site;
  site.location.file = place.file;
  site.location.line = place.line, site.location.column = place.column;
  site.function = without_parameters(place.function);
  if (site.function.empty() && site.location.file.empty())
    site.location.file = fs::path(frame.module).filename().string();
  return site;
}

// The project's frames of a stack, innermost first, up to where Python code called.
std::vector<Site> sites_in(const Stack& stack, const Ours& ours) {
  std::vector<Site> out;
  for (const Frame& frame : stack.frames) {
    if (runs_python(frame.function)) break;
    if (auto site = site_at(frame, ours)) out.push_back(std::move(*site));
  }
  return out;
}

std::string access_words(const tsan::Access& access) {
  if (access.write && is_freeing(access.stack)) return "free";
  return std::string(access.atomic ? "atomic " : "") + (access.write ? "write" : "read");
}

Kind kind_of(tsan::Kind kind) {
  switch (kind) {
    case tsan::Kind::use_after_free: return Kind::use_after_free;
    case tsan::Kind::lock_order_inversion: return Kind::lock_order_inversion;
    case tsan::Kind::destroy_locked:
    case tsan::Kind::double_lock:
    case tsan::Kind::invalid_mutex:
    case tsan::Kind::bad_unlock:
    case tsan::Kind::bad_read_lock:
    case tsan::Kind::bad_read_unlock:
    case tsan::Kind::mutex_in_wrong_context: return Kind::mutex_misuse;
    case tsan::Kind::signal_unsafe:
    case tsan::Kind::errno_in_signal: return Kind::signal_unsafe;
    case tsan::Kind::deadly_signal: return Kind::crash;
    case tsan::Kind::check_failed: return Kind::runtime_trouble;
    default: return Kind::data_race;
  }
}

// Adds the innermost place of one side; the rest of its frames go to the path.
bool add_side(Sighting& sighting, const Stack& stack, const std::string& access, const Ours& ours) {
  std::vector<Site> sites = sites_in(stack, ours);
  if (sites.empty()) return false;
  sites.front().access = access;
  if (sites.back().function != sites.front().function)
    sites.front().entered = {sites.back().location, sites.back().function};
  sighting.sites.push_back(sites.front());
  sighting.path.insert(sighting.path.end(), sites.begin() + 1, sites.end());
  return true;
}

void set_place(Sighting& sighting, const Report& report, const Ours& ours) {
  for (const tsan::Place& place : report.places) {
    if (place.kind == tsan::Place::Kind::global && place.name != "??" && place.name != "<null>") {
      const auto source = cython::source_name(place.name);
      if (source && source->empty()) continue;  // where Cython keeps all that the module has
      sighting.place = source.value_or(place.name);
      sighting.in_global = ours.is_ours(place.module);
      return;
    }
    if (place.kind == tsan::Place::Kind::heap && sighting.place.empty())
      if (const std::vector<Site> made = sites_in(place.stack, ours); !made.empty())
        sighting.place = "memory allocated in " + made.front().function;
  }
}

// Memory that CPython hands out anew. Its own lock-free look-ups read such memory on purpose and try again; an access
// by the extension's own instructions has no such excuse: it used an object that was gone.
bool is_reuse(const Report& report, const Ours& ours) {
  bool reused = false, own = false;
  for (const tsan::Access& access : report.accesses) {
    if (access.stack.frames.empty()) continue;
    const Frame& top = access.stack.frames.front();
    reused |= top.function == "new_reference" || top.function == "_Py_NewReference" ||
              top.function == "_Py_NewReferenceNoTotal";
    own |= ours.is_ours(top.module);
  }
  return reused && !own;
}

bool is_known(const Stack& stack) { return stack.restored && !stack.frames.empty(); }

std::string lacking_in(const Report& report, Kind kind) {
  if (kind == Kind::data_race || kind == Kind::use_after_free) {
    const auto known = std::count_if(report.accesses.begin(), report.accesses.end(),
                                     [](const tsan::Access& access) { return is_known(access.stack); });
    if (known < 2) return "one of its two stacks was lost";
  }
  if (kind == Kind::lock_order_inversion &&
      (report.circle.size() < 2 ||
       !std::all_of(report.circle.begin(), report.circle.end(), [](const auto& step) { return is_known(step.stack); })))
    return "the circle of locks is not whole";
  return {};
}

std::string with_cpython_side(const Report& report) {
  for (const tsan::Access& access : report.accesses)
    if (!access.stack.frames.empty()) return access.stack.frames.front().function;
  return {};
}

// One thread that has its part in a standstill: the project's frames of its stack are places of the sighting, the
// others are counted.
void add_thread(Sighting& sighting, const ThreadState& thread, const Ours& ours) {
  sighting.text += "  thread " + std::to_string(thread.tid) + (thread.name.empty() ? "" : " '" + thread.name + "'");
  const std::string waits = thread.waits_for ? "waits for the " + std::string(name_of(thread.waits_for->kind)) : "";
  sighting.text += (waits.empty() ? "" : " " + waits) + ":\n";
  bool sited = false;
  std::size_t others = 0;
  const auto count_others = [&] {
    if (others > 0) sighting.text += "    ... " + counted(others, "frame") + " of the interpreter and libraries\n";
    others = 0;
  };
  for (const StackFrame& frame : thread.native_stack) {
    const Ours::Place place = ours.place(frame.file, frame.line, 0, frame.function);
    if (place.file.empty()) {
      ++others;
      continue;
    }
    count_others();
    sighting.text +=
        "    " + place.function + " " + place.file + (place.line == 0 ? "" : ":" + std::to_string(place.line)) + "\n";
    Site site{.function = without_parameters(place.function), .access = waits};
    site.location.file = place.file, site.location.line = place.line;
    (sited ? sighting.path : sighting.sites).push_back(std::move(site));
    sited = true;
  }
  count_others();
  for (const StackFrame& frame : thread.python_stack) {
    const std::string own = ours.shown(frame.file);
    const std::string file = own.empty() ? fs::path(frame.file).filename().string() : own;
    sighting.text += "    " + file + ":" + std::to_string(frame.line) + " in " + frame.function + "\n";
  }
}

// Whether its circle is made of mutexes and critical sections alone.
bool is_of_locks(const Standstill& still) {
  return !still.circle.empty() &&
         std::all_of(still.threads.begin(), still.threads.end(), [&](const ThreadState& thread) {
           const bool inside = std::find(still.circle.begin(), still.circle.end(), thread.tid) != still.circle.end();
           return !inside || (thread.waits_for && thread.waits_for->kind != AwaitedLock::Kind::stop_the_world &&
                              thread.waits_for->kind != AwaitedLock::Kind::other);
         });
}

void from_standstill(Sighting& sighting, const Standstill& still, const Ours& ours) {
  sighting.text = still.describe() + "\n";
  for (const ThreadState& thread : still.threads) {
    const bool guilty = sighting.kind == Kind::hang
                            ? thread.burns
                            : still.circle.empty() ||
                                  std::find(still.circle.begin(), still.circle.end(), thread.tid) != still.circle.end();
    if (guilty) add_thread(sighting, thread, ours);
  }
}

// The stacks by name, then what it said itself.
std::string text_of(const LastWords& words, std::string_view tail) {
  std::string text;
  std::size_t number = 0;
  for (const LastWords::NativeFrame& frame : words.native) {
    if (frame.file.empty() && frame.function.empty()) continue;
    text += "    #" + std::to_string(number++) + " " + (frame.function.empty() ? "??" : frame.function) +
            (frame.file.empty() ? "" : " " + frame.file + ":" + std::to_string(frame.line)) + " (" +
            fs::path(frame.module).filename().string() + ")\n";
  }
  for (const StackFrame& frame : words.python)
    text += "    File \"" + frame.file + "\", line " + std::to_string(frame.line) + ", in " + frame.function + "\n";
  if (!text.empty()) text += "\n";
  return text.append(tail.substr(tail.size() > 8000 ? tail.size() - 8000 : 0));
}

void sort_sites(std::vector<Site>& sites) {
  std::sort(sites.begin(), sites.end(), [](const Site& a, const Site& b) {
    return std::tie(a.location, a.function, a.access) < std::tie(b.location, b.function, b.access);
  });
}

// A deadlock of ten threads at two places is one of two.
void unique_sites(std::vector<Site>& sites) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(sites, [&](const Site& site) {
    return !seen.insert({site.location.file + ":" + std::to_string(site.location.line), site.function}).second;
  });
}

}  // namespace

std::optional<Sighting> sighting_of(const Report& report, const Ours& ours, const Seen& seen) {
  if (report.kind == tsan::Kind::thread_leak) return std::nullopt;
  Sighting out;
  out.kind = kind_of(report.kind), out.type = report.type, out.seen = seen, out.text = report_text(report, ours);
  out.plain_count = seen.plain ? 1 : 0;
  std::size_t sides = 0, found = 0;
  const auto side = [&](const Stack& stack, const std::string& access) {
    ++sides;
    found += add_side(out, stack, access, ours) ? 1 : 0;
  };
  if (out.kind == Kind::lock_order_inversion) {
    for (const tsan::LockStep& step : report.circle)
      side(step.stack, "takes M" + std::to_string(step.taken) + " while holding M" + std::to_string(step.holding));
  } else if (!report.accesses.empty()) {
    for (const tsan::Access& access : report.accesses)
      if (sides < 2) side(access.stack, access_words(access));
  } else {
    for (const Stack& stack : report.stacks) side(stack, "");
  }
  out.attribution = found == 0      ? Attribution::cpython_only
                    : found < sides ? Attribution::through_cpython
                                    : Attribution::extension;
  // A crash belongs to whoever called into what crashed.
  if (out.kind == Kind::crash && found > 0) out.attribution = Attribution::extension;
  if (is_reuse(report, ours)) out.attribution = Attribution::cpython_only;
  set_place(out, report, ours);
  out.lacks = lacking_in(report, out.kind);
  if (out.attribution == Attribution::cpython_only) out.place = with_cpython_side(report);
  sort_sites(out.sites);
  return out;
}

std::optional<Sighting> sighting_of(const Ending& ending, const Ours& ours, const Seen& seen) {
  Sighting out;
  out.seen = seen, out.plain_count = seen.plain ? 1 : 0;
  if (!ending.step.empty()) out.seen.step = ending.step;
  if (ending.kind == Ending::Kind::deadlock || ending.kind == Ending::Kind::livelock) {
    out.kind = ending.kind == Ending::Kind::deadlock ? Kind::deadlock : Kind::hang;
    out.type = ending.describe();
    if (!ending.standstills.empty()) from_standstill(out, ending.standstills.front(), ours);
    sort_sites(out.sites), unique_sites(out.sites);
    out.proven = !ending.standstills.empty() && !ending.standstills.front().circle.empty();
    out.among_locks = out.proven && is_of_locks(ending.standstills.front());
    if (!out.sites.empty()) return out;
    if (out.kind == Kind::hang || !out.proven) return std::nullopt;
    out.attribution = Attribution::through_cpython;
    return out;
  }
  LastWords words = last_words(ending.err_tail);
  // A runner between us and the program (a shell, pytest's workers) turns a signal into an exit code and leaves the
  // words.
  const bool died_below =
      ending.kind == Ending::Kind::exited && ending.exit_code > 128 && words.kind != LastWords::Kind::none;
  if (ending.kind != Ending::Kind::crashed && !died_below) return std::nullopt;
  const int signal = ending.kind == Ending::Kind::crashed ? ending.signal : ending.exit_code - 128;
  out.kind = Kind::crash;
  out.type = ::strsignal(signal);
  if (words.kind != LastWords::Kind::none && words.kind != LastWords::Kind::fatal_error) out.type = words.message;
  else if (signal == 6 && !words.message.empty() && words.message != "Fatal Python error: Aborted")
    out.type = words.message;
  // The runtime's own trouble is nobody's crash.
  if (ending.err_tail.find("ThreadSanitizer: CHECK failed") != std::string::npos ||
      ending.err_tail.find("ThreadSanitizer: nested bug") != std::string::npos)
    out.kind = Kind::runtime_trouble;
  if (const std::string file = ours.shown(words.file); !file.empty()) {
    Site site{.function = without_parameters(words.function), .access = "assertion"};
    site.location.file = file, site.location.line = words.line;
    out.sites.push_back(std::move(site));
  }
  locate(words, [&](std::string_view module) { return ours.is_ours(module); });
  for (const LastWords::NativeFrame& frame : words.native) {
    if (runs_python(frame.function)) break;
    if (!ours.is_ours(frame.module)) continue;
    const Ours::Place place = ours.place(frame.file, frame.line, 0, frame.function);
    // Line 0 is what compilers make of several lines: the file says nothing then, and the function still does.
    if (place.file.empty() && (place.generators || (!frame.file.empty() && frame.line != 0))) continue;
    Site site{.function = without_parameters(place.function)};
    site.location.file = place.file, site.location.line = place.line;
    if (site.function.empty() && place.file.empty()) site.location.file = fs::path(frame.module).filename().string();
    (out.sites.empty() ? out.sites : out.path).push_back(std::move(site));
  }
  out.text = ours.shown_in(text_of(words, ending.err_tail));
  return out;
}

void Sightings::add(Sighting sighting) {
  if (sighting.attribution == Attribution::cpython_only && sighting.kind != Kind::crash &&
      sighting.kind != Kind::runtime_trouble) {
    cpython_only_ += sighting.count;
    return;
  }
  const auto [at, fresh] = known_.try_emplace(sighting.key(), all_.size());
  if (fresh) {
    all_.push_back(std::move(sighting));
    return;
  }
  Sighting& old = all_[at->second];
  old.count += sighting.count, old.plain_count += sighting.plain_count;
  // What lacks evidence, or is a consequence of an earlier fault, gives way to what is not.
  const auto rank = [](const Sighting& one) { return std::pair(!lacking(one).empty(), one.after_fault); };
  if (rank(sighting) < rank(old)) {
    sighting.count = old.count, sighting.plain_count = old.plain_count;
    old = std::move(sighting);
  }
}

void Sightings::add(const tsan::Log& log, const Ours& ours, const Seen& seen) {
  std::set<std::uint64_t> faulted;
  for (const Report& report : log.reports) {
    auto sighting = sighting_of(report, ours, seen);
    if (!sighting) continue;
    sighting->after_fault = faulted.contains(report.pid);
    if (sighting->kind == Kind::use_after_free || sighting->kind == Kind::crash) faulted.insert(report.pid);
    add(std::move(*sighting));
  }
}

}  // namespace ftaudit::dynamic
