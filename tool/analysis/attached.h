// Attached: whether the calling thread surely has an attached thread state at an event, surely has none, or nobody can
// tell. Entry points say how functions are entered, the C API's calls and guards what changes it, functions of the
// project that only attach or only detach count by what they do, and helpers are entered as their callers call them.
// Along paths, a test of the saved thread state included. Source: C API reference, threads; PEP 703, thread states.
#pragma once

#include <set>
#include <vector>

#include "analysis/contexts.h"

namespace ftaudit::analysis {

struct AttachedPath;
struct AttachedRun;

class Attached {
 public:
  enum class State : std::uint8_t {
    attached,
    detached,
    mixed,    // attached on one path, detached on another
    unknown,  // entered from code that nobody can see
  };
  struct Answer {
    State state = State::unknown;
    Site detached;  // the call that let go; the function alone for one that is entered detached; {none, none} if
                    // attached
    bool operator==(const Answer&) const = default;
  };

  Attached(const Program& program, const Contexts& contexts, const std::vector<EntryPoint>& entries);
  ~Attached();

  // Just before the event.
  Answer at(const Site& site) const;
  bool surely_attached(const Site& site) const { return at(site).state == State::attached; }
  bool surely_detached(const Site& site) const { return at(site).state == State::detached; }
  Answer on_entry(FunctionId id) const;

  // A way out of the function on which a change of the thread state is not undone, though only this function can undo
  // it (the saved state is a local), or does so on another way out.
  struct Imbalance {
    EventId leave = none;    // the last event before the end; none if there is none
    EventId changed = none;  // the call that was not undone
    bool detached = false;   // the thread is left detached; else attached
    bool thrown = false;     // by an exception
  };
  std::vector<Imbalance> imbalances(FunctionId id) const;
  // The event is a call that attaches or detaches, itself or through a function of the project.
  bool changes(const Site& site) const;

 private:
  using Path = AttachedPath;
  using Run = AttachedRun;
  using Paths = std::vector<Path>;
  const Paths& ends(FunctionId id) const;
  void flow(FunctionId id, Paths entry, Run& run) const;
  void apply(const Site& site, Path path, Paths& out, Run& run) const;
  void call(const Site& site, Path path, Paths& out, Run& run) const;
  bool hangs_together(FunctionId id, EventId changed, const std::set<EventId>& undoing) const;
  std::set<std::uint32_t> deciding(FunctionId id, EventId at) const;
  std::set<std::uint32_t> deciding_together(FunctionId id) const;
  bool is_change(const model::Event& event) const;
  Answer entered(FunctionId id) const;
  Answer entered_by(const EntryPoint& entry) const;

  const Program& program_;
  const Contexts& contexts_;
  Per<FunctionId, std::vector<const EntryPoint*>> entries_;
  Per<FunctionId, bool> relevant_;       // functions that touch the thread state, themselves or through others
  mutable Per<FunctionId, Paths> ends_;  // of each function, in terms of its entry
  mutable Per<FunctionId, std::uint8_t> ends_known_;       // 0 not asked, 1 being found, 2 found
  mutable Per<FunctionId, Per<EventId, Answer>> answers_;  // per event; empty where nothing changes
  mutable Per<FunctionId, std::uint8_t> answers_known_;
  mutable Per<FunctionId, Answer> entry_;
  mutable Per<FunctionId, std::uint8_t> entry_known_;
};

}  // namespace ftaudit::analysis
