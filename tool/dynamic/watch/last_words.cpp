#include "dynamic/watch/last_words.h"

#include <charconv>
#include <cstdio>

#include "base/process.h"
#include "base/text.h"
#include "python/toolchain.h"

namespace ftaudit::dynamic {
namespace {

std::uint32_t number_in(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "python: src/a.c:12: push: Assertion `n < 4' failed."
bool assertion(std::string_view line, LastWords& words) {
  const std::size_t at = line.find(": Assertion `");
  if (at == std::string_view::npos || !line.ends_with("' failed.")) return false;
  words.kind = LastWords::Kind::assertion;
  words.message = "assertion " + std::string(line.substr(at + 12, line.size() - at - 12 - 1));
  const std::string_view before = line.substr(0, at);
  // "PROGRAM: FILE:LINE: FUNCTION", and a C++ function has colons of its own.
  const std::size_t program = before.find(": ");
  if (program == std::string_view::npos) return true;
  const std::string_view rest = before.substr(program + 2);
  for (std::size_t colon = rest.find(':'); colon != std::string_view::npos; colon = rest.find(':', colon + 1)) {
    const std::uint32_t line_number = number_in(rest.substr(colon + 1));
    const std::size_t second = rest.find(": ", colon + 1);
    if (line_number == 0 || second == std::string_view::npos) continue;
    words.file = rest.substr(0, colon), words.line = line_number, words.function = rest.substr(second + 2);
    break;
  }
  return true;
}

bool heap(std::string_view line, LastWords& words) {
  constexpr std::string_view known[] = {"double free or corruption",
                                        "free(): ",
                                        "malloc(): ",
                                        "malloc_consolidate(): ",
                                        "realloc(): ",
                                        "munmap_chunk(): ",
                                        "corrupted size vs. prev_size",
                                        "corrupted double-linked list",
                                        "Debug memory block at address",
                                        "mimalloc: error"};
  for (std::string_view text : known)
    if (line.starts_with(text)) {
      words.kind = LastWords::Kind::heap, words.message = line;
      return true;
    }
  return false;
}

// `  File "/x/a.py", line 3 in work`
std::optional<StackFrame> python_frame(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("File \"")) return std::nullopt;
  const std::size_t end = line.find("\", line ", 6);
  if (end == std::string_view::npos) return std::nullopt;
  StackFrame frame{.file = std::string(line.substr(6, end - 6)), .line = number_in(line.substr(end + 8))};
  if (const std::size_t in = line.find(" in ", end); in != std::string_view::npos) frame.function = line.substr(in + 4);
  return frame;
}

// `  Binary file "/x/mod.so", at spam_get+0x12 [0x7f..]`, `at +0x1234`
std::optional<LastWords::NativeFrame> native_frame(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("Binary file \"")) return std::nullopt;
  const std::size_t end = line.find('"', 13);
  const std::size_t at = line.find(", at ", 13);
  if (end == std::string_view::npos || at == std::string_view::npos || at < end) return std::nullopt;
  LastWords::NativeFrame frame{.module = std::string(line.substr(13, end - 13))};
  std::string_view where = line.substr(at + 5);
  where = where.substr(0, where.find(" ["));
  const std::size_t plus = where.rfind("+0x");
  if (plus != 0) frame.function = where.substr(0, plus);
  if (plus != std::string_view::npos)
    std::from_chars(where.data() + plus + 3, where.data() + where.size(), frame.offset, 16);
  return frame;
}

// The return address of a call names the line behind it; what crashed lies behind the frame of the signal, exactly.
std::uint64_t instruction_of(const std::vector<LastWords::NativeFrame>& frames, std::size_t i) {
  const bool crashed_here =
      i == 0 || (i < 6 && fs::path(frames[i - 1].module).filename().string().starts_with("libc."));
  return crashed_here || frames[i].offset == 0 ? frames[i].offset : frames[i].offset - 1;
}

std::vector<LastWords::NativeFrame> symbolized(const fs::path& program, const LastWords::NativeFrame& frame,
                                               std::uint64_t offset) {
  char address[32];
  std::snprintf(address, sizeof address, "0x%llx", static_cast<unsigned long long>(offset));
  const auto outcome = run({.argv = {program.string(), "--obj=" + frame.module, "--demangle", "--inlines", address},
                            .environment = {"DEBUGINFOD_URLS="},
                            .timeout = std::chrono::seconds(30)});
  std::vector<LastWords::NativeFrame> out;
  if (!outcome.ok() || !outcome->succeeded()) return out;
  const std::vector<std::string> lines = split(outcome->out, '\n');
  for (std::size_t i = 0; i + 1 < lines.size() && !lines[i].empty(); i += 2) {
    LastWords::NativeFrame named = frame;
    named.function = lines[i] == "??" ? "" : lines[i];
    // "/src/a.c:12:3"
    std::string_view where = lines[i + 1];
    where = where.substr(0, where.rfind(':'));
    const std::size_t colon = where.rfind(':');
    if (colon != std::string_view::npos && !where.starts_with("??"))
      named.file = where.substr(0, colon), named.line = number_in(where.substr(colon + 1));
    out.push_back(std::move(named));
  }
  return out;
}

}  // namespace

void locate(LastWords& words, const std::function<bool(std::string_view module)>& wanted) {
  const fs::path program = python::find_symbolizer();
  if (program.empty()) return;
  std::vector<LastWords::NativeFrame> out;
  std::size_t asked = 0;
  for (std::size_t i = 0; i < words.native.size(); ++i) {
    const LastWords::NativeFrame& frame = words.native[i];
    std::vector<LastWords::NativeFrame> named;
    if (frame.function.empty() && wanted(frame.module) && ++asked <= 16)
      named = symbolized(program, frame, instruction_of(words.native, i));
    if (named.empty()) named.push_back(frame);
    out.insert(out.end(), named.begin(), named.end());
  }
  words.native = std::move(out);
}

LastWords last_words(std::string_view err_text) {
  LastWords words;
  enum class In { nothing, python, native } in = In::nothing;
  bool told = false;  // by our own runtime
  for (const std::string& raw : split(err_text, '\n')) {
    const std::string_view line = trim(raw);
    if (raw.starts_with("Fatal Python error: ")) {
      // An assertion or the heap has said more already, one line before.
      if (words.kind == LastWords::Kind::none || words.kind == LastWords::Kind::fatal_error)
        words.kind = LastWords::Kind::fatal_error, words.message = line;
      words.python.clear();
      in = In::nothing;
    } else if (raw.starts_with("ftaudit: stack of the crashing thread of process ")) {
      in = In::native, told = true;
      words.native.clear();
    } else if (line.starts_with("Current thread") && line.find("C stack trace") != std::string_view::npos) {
      if (!told) in = In::native;
    } else if (line.starts_with("Current thread")) {
      in = In::python;
    } else if (line.starts_with("Thread 0x") || line.empty()) {
      in = In::nothing;
    } else if (in == In::python) {
      if (auto frame = python_frame(raw)) words.python.push_back(std::move(*frame));
    } else if (in == In::native) {
      if (auto frame = native_frame(raw)) words.native.push_back(std::move(*frame));
    } else if (LastWords fresh;
               !told && (assertion(line, fresh) || heap(line, fresh))) {  // other threads trip over the same afterwards
      words = std::move(fresh);
    } else if (line.starts_with("terminate called")) {
      words = LastWords{.kind = LastWords::Kind::uncaught_exception, .message = std::string(line)};
    }
  }
  return words;
}

}  // namespace ftaudit::dynamic
