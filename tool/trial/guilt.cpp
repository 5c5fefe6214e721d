#include "trial/guilt.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "packages/names/names.h"

namespace ftaudit::trial {
namespace {

using dynamic::Ending;
using dynamic::LastWords;
using dynamic::Standstill;
using dynamic::ThreadState;

constexpr std::size_t most_lines = 24;

std::string real_path(const fs::path& file) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(file, failed);
  return (failed ? file : real).string();
}

// Behind this frame Python code runs: what is called from there is its own, not of who called it.
bool runs_python(std::string_view function) {
  return function.starts_with("_PyEval_EvalFrame") || function == "_PyEval_Vector";
}

std::string in_hex(std::uint64_t offset) {
  char text[24];
  std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(offset));
  return text;
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// What both kinds of stack have of a frame.
struct Frame {
  std::string function, place, owner;
};

std::string place_of(const std::string& file, std::uint32_t line) {
  if (file.empty()) return {};
  return " at " + fs::path(file).filename().string() + (line == 0 ? "" : ":" + std::to_string(line));
}

// "roster_total at roster.c:12 (roster.cpython-313t-x86_64-linux-gnu.so)"
std::string shown(const Frame& frame) { return (frame.function.empty() ? "??" : frame.function) + frame.place; }

// The innermost frame of a distribution, as long as no Python code lies between; and all further ones as suspects.
struct Reading {
  const Frame* innermost = nullptr;
  std::vector<std::string> others;
};
Reading read(const std::vector<Frame>& frames) {
  Reading out;
  bool behind_python = false;
  for (const Frame& frame : frames) {
    behind_python = behind_python || runs_python(frame.function);
    if (frame.owner.empty()) continue;
    if (out.innermost == nullptr && !behind_python) out.innermost = &frame;
    add(out.others, frame.owner);
  }
  return out;
}

void keep_lines(Guilt& out, const std::vector<Frame>& frames) {
  for (const Frame& frame : frames)
    if (out.stack.size() < most_lines) out.stack.push_back(shown(frame));
}

// "Extension modules: numpy._core._multiarray_umath, roster (total: 2)", of faulthandler.
std::vector<std::string> listed_modules(std::string_view text) {
  constexpr std::string_view head = "Extension modules: ";
  const std::size_t at = text.rfind(head);
  if (at == std::string_view::npos) return {};
  std::string_view line = text.substr(at + head.size());
  line = line.substr(0, std::min(line.find('\n'), line.find(" (total")));
  std::vector<std::string> out;
  for (const std::string& one : split(line, ',')) out.emplace_back(trim(one));
  return out;
}

Guilt of_crash(const Ending& ending, const Owners& owners) {
  LastWords words = dynamic::last_words(ending.err_tail);
  dynamic::locate(words, [&](std::string_view module) {
    const fs::path file(module);
    return !owners.of(file).empty() || file.filename().string().starts_with("python") ||
           file.filename().string().starts_with("libpython");
  });
  std::vector<Frame> frames;
  for (const LastWords::NativeFrame& one : words.native) {
    const std::string module = fs::path(one.module).filename().string();
    const std::string place =
        one.line == 0 ? " in " + module + in_hex(one.offset) : place_of(one.file, one.line) + " in " + module;
    frames.push_back({one.function, place, owners.of(one.module)});
  }
  Guilt out;
  keep_lines(out, frames);
  for (const dynamic::StackFrame& frame : words.python)
    if (out.stack.size() < most_lines)
      out.stack.push_back(fs::path(frame.file).filename().string() + ":" + std::to_string(frame.line) + " in " +
                          frame.function);
  const std::string how = words.message.empty() ? ending.describe() : words.message;
  const Reading reading = read(frames);
  // Who breaks the heap is not who notices.
  out.proven = reading.innermost != nullptr && words.kind != LastWords::Kind::heap;
  if (out.proven) {
    out.guilty = {reading.innermost->owner}, out.evidence = shown(*reading.innermost);
    return out;
  }
  out.evidence = how;
  out.guilty = reading.others;
  if (out.guilty.empty())
    for (const std::string& module : listed_modules(ending.err_tail)) add(out.guilty, owners.of_module(module));
  return out;
}

std::vector<Frame> native_frames(const ThreadState& thread, const Owners& owners) {
  std::vector<Frame> out;
  for (const dynamic::StackFrame& one : thread.native_stack)
    out.push_back({one.function,
                   one.module.empty()
                       ? place_of(one.file, one.line)
                       : place_of(one.file, one.line) + " in " + fs::path(one.module).filename().string(),
                   one.module.empty() ? "" : owners.of(one.module)});
  return out;
}

// The threads that are why it stands: those of the circle, or that burn; else all.
bool has_part(const Standstill& still, const ThreadState& thread) {
  if (!still.circle.empty()) return std::ranges::find(still.circle, thread.tid) != still.circle.end();
  return !still.burns || thread.burns;
}

Guilt of_standstill(const Ending& ending, const Owners& owners) {
  Guilt out;
  out.evidence = ending.describe();
  if (ending.standstills.empty()) return out;
  const Standstill& still = ending.standstills.front();
  std::vector<std::string> suspects;
  std::map<std::string, std::size_t> inside;
  for (const ThreadState& thread : still.threads) {
    if (!has_part(still, thread)) continue;
    const std::vector<Frame> frames = native_frames(thread, owners);
    const Reading reading = read(frames);
    for (const std::string& one : reading.others) add(suspects, one);
    if (reading.innermost != nullptr) {
      add(out.guilty, reading.innermost->owner), ++inside[reading.innermost->owner];
      if (out.stack.size() < most_lines)
        out.stack.push_back("thread " + std::to_string(thread.tid) + ": " + shown(*reading.innermost));
    }
    for (const dynamic::StackFrame& frame : thread.python_stack)
      if (out.stack.size() < most_lines)
        out.stack.push_back("thread " + std::to_string(thread.tid) + ": " + fs::path(frame.file).filename().string() +
                            ":" + std::to_string(frame.line) + " in " + frame.function);
  }
  out.proven = !out.guilty.empty();
  if (!out.proven) {
    out.guilty = suspects;
    return out;
  }
  std::string told;
  for (const auto& [name, threads] : inside)
    told += (told.empty() ? "" : ", ") + counted(threads, "thread stands", "threads stand") + " in " + name;
  out.evidence = told + "; " + ending.describe();
  return out;
}

}  // namespace

Owners::Owners(const Installed& installed) : python_(installed.python) {
  for (const Distribution& one : installed.distributions) {
    for (const std::string& file : one.files) {
      by_file_[(one.location / file).string()] = one.name;
      if (installed.is_application(one)) by_file_[(installed.source / file).string()] = one.name;
    }
    // Libraries that a wheel brings along.
    by_folder_[(one.location / (packages::normal_name(one.name) + ".libs")).string()] = one.name;
    for (const std::string& name : one.top) {
      by_folder_.try_emplace((one.location / name).string(), one.name);
      by_folder_.try_emplace((one.location / (name + ".libs")).string(), one.name);
    }
    for (const std::string& module : one.modules) by_module_[module] = one.name;
    if (!one.modules.empty())
      for (const std::string& name : one.top) by_module_.try_emplace(name, one.name);
  }
}

std::string Owners::of(const fs::path& file) const {
  const std::string real = real_path(file);
  if (const auto found = by_file_.find(real); found != by_file_.end()) return found->second;
  for (fs::path folder = fs::path(real).parent_path(); folder.has_relative_path(); folder = folder.parent_path())
    if (const auto found = by_folder_.find(folder.string()); found != by_folder_.end()) return found->second;
  return {};
}

std::string Owners::of_module(std::string_view module) const {
  while (!module.empty()) {
    if (const auto found = by_module_.find(module); found != by_module_.end()) return found->second;
    const std::size_t dot = module.rfind('.');
    module = dot == std::string_view::npos ? std::string_view() : module.substr(0, dot);
  }
  return {};
}

Guilt guilt_of(const Ending& ending, const Owners& owners) {
  return ending.kind == Ending::Kind::crashed || ending.kind == Ending::Kind::exited ? of_crash(ending, owners)
                                                                                     : of_standstill(ending, owners);
}

}  // namespace ftaudit::trial
