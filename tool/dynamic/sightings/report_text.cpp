#include "dynamic/sightings/report_text.h"

#include <algorithm>

#include "base/text.h"
#include "cython/frames.h"

namespace ftaudit::dynamic {
namespace {

using tsan::Report;
using tsan::Stack;

class Text {
 public:
  Text(const Report& report, const Ours& ours) : report_(report), ours_(ours) {}

  std::string write() {
    out_ = report_.type + "\n";
    for (const tsan::Access& access : report_.accesses) {
      line(described(access) + ":");
      stack(access.stack);
    }
    for (std::size_t i = 0; i < report_.stacks.size(); ++i) {
      if (i > 0) line("and:");
      stack(report_.stacks[i]);
    }
    for (const tsan::LockStep& step : report_.circle) {
      line(who(step.thread) + " takes M" + std::to_string(step.taken) + " while holding M" +
           std::to_string(step.holding) + ":");
      stack(step.stack);
      if (!step.holding_stack) continue;
      line("having taken M" + std::to_string(step.holding) + ":");
      stack(*step.holding_stack);
    }
    for (const tsan::Place& place : report_.places) describe(place);
    if (report_.cut_off) line("the report breaks off here");
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += "  " + text + "\n"; }

  std::string who(tsan::ThreadNumber number) const {
    if (number == tsan::unknown_thread) return "a thread";
    if (number == 0) return "the main thread";
    const tsan::Thread* thread = report_.thread(number);
    return "thread T" + std::to_string(number) +
           (thread != nullptr && !thread->name.empty() ? " '" + thread->name + "'" : "");
  }

  std::string described(const tsan::Access& access) const {
    std::string text = access.previous ? "earlier, " : "";
    if (access.atomic) text += "atomic ";
    text += access.write ? "write" : "read";
    text += access.object.empty() ? " of " + counted(access.size, "byte") : " of " + access.object;
    text += " by " + who(access.thread);
    std::vector<std::string> held;
    for (const tsan::Access::Held& one : access.held)
      held.push_back(std::string(one.write ? "" : "shared ") + "M" + std::to_string(one.mutex));
    return held.empty() ? text : text + ", holding " + join(held, ", ");
  }

  void describe(const tsan::Place& place) {
    using Kind = tsan::Place::Kind;
    switch (place.kind) {
      case Kind::global:
        return place.name == "??" || place.name == "<null>" || cython::source_name(place.name) == ""
                   ? void()
                   : line("in the global " + cython::source_name(place.name).value_or(place.name));
      case Kind::stack: return line("on the stack of " + who(place.thread));
      case Kind::tls: return line("in thread-local memory of " + who(place.thread));
      case Kind::descriptor:
        line("of file descriptor " + std::to_string(place.number) + ", " + (place.destroyed ? "closed" : "made") +
             " by " + who(place.thread) + ":");
        break;
      case Kind::heap:
        line("in a block of " + counted(place.size, "byte") + " allocated by " + who(place.thread) + ":");
        break;
      case Kind::object: line("in " + place.name + " allocated by " + who(place.thread) + ":"); break;
    }
    stack(place.stack);
  }

  // The project's frames, and in front of them what they called; the rest is counted.
  void stack(const Stack& stack) {
    if (!stack.restored) return line("  (its stack was lost)");
    std::size_t last_own = 0;
    for (std::size_t i = 0; i < stack.frames.size(); ++i)
      if (is_own(stack.frames[i])) last_own = i + 1;
    const std::size_t shown = last_own > 0 ? last_own : std::min<std::size_t>(stack.frames.size(), 3);
    std::size_t skipped = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      // Between the first two and the project's own, the interpreter's inner ways say little; a generator's say
      // nothing.
      if (place(stack.frames[i]).generators || (!is_own(stack.frames[i]) && i >= 2)) {
        ++skipped;
        continue;
      }
      left_out(skipped);
      skipped = 0;
      frame(stack.frames[i]);
    }
    left_out(skipped + stack.frames.size() - shown);
  }

  void left_out(std::size_t frames) {
    if (frames > 0) line("  ... " + counted(frames, "frame") + " of the interpreter and libraries");
  }

  Ours::Place place(const tsan::Frame& frame) const {
    return ours_.place(frame.file, frame.line, frame.column, frame.function);
  }

  bool is_own(const tsan::Frame& frame) const {
    return ours_.is_ours(frame.module) && (frame.file.empty() || !place(frame).file.empty());
  }

  void frame(const tsan::Frame& frame) {
    Ours::Place at = place(frame);
    const bool own = !at.file.empty();
    if (!own)
      at.file = frame.file.empty() ? "" : fs::path(frame.file).filename().string(), at.line = frame.line,
      at.column = frame.column;
    std::string text = "  " + (at.function.empty() ? std::string("??") : at.function);
    if (!at.file.empty())
      text +=
          " " + at.file +
          (at.line == 0 ? "" : ":" + std::to_string(at.line) + (at.column == 0 ? "" : ":" + std::to_string(at.column)));
    if (!own) text += " (" + fs::path(frame.module).filename().string() + ")";
    line(text);
  }

  const Report& report_;
  const Ours& ours_;
  std::string out_;
};

}  // namespace

std::string report_text(const Report& report, const Ours& ours) { return Text(report, ours).write(); }

}  // namespace ftaudit::dynamic
