#include "dynamic/tsan/lines.h"

#include <charconv>

#include "base/text.h"

namespace ftaudit::dynamic::tsan {
namespace {

std::optional<std::uint64_t> leading(std::string_view& text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Takes ":12" off the end.
std::optional<std::uint32_t> trailing_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, value);
  if (error != std::errc() || at != end) return std::nullopt;
  text = text.substr(0, colon);
  return value;
}

// "/src/a.cc:5:41", "/src/a.cc:5", "/src/a.cc", "<null>"
void set_source(Frame& frame, std::string_view source) {
  if (source == "<null>" || source == "??") return;
  const std::optional<std::uint32_t> last = trailing_number(source);
  const std::optional<std::uint32_t> first = last ? trailing_number(source) : std::nullopt;
  if (first) frame.line = *first, frame.column = *last;
  else if (last) frame.line = *last;
  frame.file = source;
}

// Function and file stand side by side and both may hold blanks. Files are absolute, or have none, in all but runtimes
// built elsewhere; what stands inside brackets is the function's.
std::size_t end_of_function(std::string_view text) {
  if (text.ends_with(" <null>")) return text.size() - 7;
  int depth = 0;
  std::size_t last_blank = std::string_view::npos, last_outside = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ' ') continue;
    last_blank = i;
    if (depth > 0) continue;
    if (i + 1 < text.size() && text[i + 1] == '/') return i;
    last_outside = i;
  }
  return last_outside != std::string_view::npos ? last_outside : last_blank;
}

std::optional<Frame> formatted_frame(std::string_view rest) {
  Frame frame;
  const std::size_t offset = rest.rfind('|');
  if (offset == std::string_view::npos || offset == 0) return std::nullopt;
  const std::size_t module = rest.rfind('|', offset - 1);
  if (module == std::string_view::npos || module == 0) return std::nullopt;
  const std::size_t source = rest.rfind('|', module - 1);
  const std::size_t function = rest.find('|', 1);  // behind the program counter
  if (source == std::string_view::npos || function == std::string_view::npos || function >= source) return std::nullopt;
  frame.function = rest.substr(function + 1, source - function - 1);
  set_source(frame, rest.substr(source + 1, module - source - 1));
  frame.module = rest.substr(module + 1, offset - module - 1);
  frame.offset = Words(rest.substr(offset + 1)).hexadecimal().value_or(0);
  return frame;
}

}  // namespace

bool Words::take(std::string_view word) {
  if (!rest_.starts_with(word)) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::optional<std::uint64_t> Words::number() { return leading(rest_, 10); }

std::optional<std::uint64_t> Words::hexadecimal() {
  const std::string_view before = rest_;
  if (take("0x"))
    if (const auto value = leading(rest_, 16)) return value;
  rest_ = before;
  return std::nullopt;
}

std::optional<ThreadNumber> Words::thread() {
  const std::string_view before = rest_;
  if (take("main thread")) return ThreadNumber{0};
  take("thread ");
  if (take("T"))
    if (const auto value = number(); value && *value < unknown_thread) return static_cast<ThreadNumber>(*value);
  rest_ = before;
  return std::nullopt;
}

std::optional<std::uint32_t> Words::mutex() {
  const std::string_view before = rest_;
  if (take("M"))
    if (const auto value = number()) return static_cast<std::uint32_t>(*value);
  rest_ = before;
  return std::nullopt;
}

std::string_view Words::until(std::string_view mark) {
  const std::size_t at = rest_.find(mark);
  const std::string_view taken = rest_.substr(0, at);
  rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + mark.size());
  return taken;
}

bool Words::skip_past(std::string_view mark) {
  const std::size_t at = rest_.find(mark);
  if (at == std::string_view::npos) return false;
  rest_.remove_prefix(at + mark.size());
  return true;
}

std::optional<Frame> frame_in(std::string_view line) {
  Words words(trim(line));
  if (!words.take("#") || !words.number()) return std::nullopt;
  std::string_view rest = words.rest();
  if (rest.starts_with("|")) return formatted_frame(rest);
  if (!rest.starts_with(" ")) return std::nullopt;
  rest = trim(rest);
  if (const std::size_t build = rest.rfind(" (BuildId: "); build != std::string_view::npos && rest.ends_with(")"))
    rest = rest.substr(0, build);
  Frame frame;
  // The program counter, where the runtime prints it.
  if (Words pc(rest); pc.hexadecimal() && pc.rest().starts_with(" ")) {
    rest = trim(pc.rest());
    if (rest.starts_with("in ")) rest.remove_prefix(3);
  }
  if (const std::size_t open = rest.rfind('('); rest.ends_with(")") && open != std::string_view::npos) {
    const std::string_view module = rest.substr(open + 1, rest.size() - open - 2);
    if (const std::size_t plus = module.rfind("+0x"); plus != std::string_view::npos) {
      frame.module = module.substr(0, plus);
      frame.offset = Words(module.substr(plus + 1)).hexadecimal().value_or(0);
      rest = trim(rest.substr(0, open));
    }
  }
  const std::size_t end = end_of_function(rest);
  frame.function = rest.substr(0, end);
  if (end != std::string_view::npos) set_source(frame, trim(rest.substr(end)));
  if (frame.function == "<null>") frame.function.clear();
  if (frame.function.empty() && frame.file.empty() && frame.module.empty()) return std::nullopt;
  return frame;
}

std::optional<Access> access_in(std::string_view line) {
  Words words(trim(line));
  Access access;
  access.previous = words.take("Previous ");
  access.atomic = words.take("Atomic ") || words.take("atomic ");
  if (words.take("Write of size ") || words.take("write of size ")) access.write = true;
  else if (words.take("Modifying access of ") || words.take("modifying access of "))
    access.write = true, access.object = words.until(" at ");
  else if (words.take("Read-only access of ") || words.take("read-only access of "))
    access.object = words.until(" at ");
  else if (!words.take("Read of size ") && !words.take("read of size ")) return std::nullopt;
  if (access.object.empty()) {
    const auto size = words.number();
    if (!size || !words.take(" at ")) return std::nullopt;
    access.size = *size;
  }
  const auto address = words.hexadecimal();
  if (!address || !words.take(" by ")) return std::nullopt;
  access.address = *address;
  access.thread = words.thread().value_or(unknown_thread);
  if (words.skip_past("(mutexes: ")) {
    do {
      Access::Held held;
      if (words.take("read ")) held.write = false;
      else words.take("write ");
      const auto mutex = words.mutex();
      if (!mutex) break;
      held.mutex = *mutex;
      access.held.push_back(held);
    } while (words.take(", "));
  }
  return access;
}

std::optional<Place> place_in(std::string_view line) {
  Words words(trim(line));
  if (!words.take("Location is ")) return std::nullopt;
  Place place;
  if (words.take("global '")) {
    place.kind = Place::Kind::global;
    place.name = words.until("'");
    if (words.take(" of size ")) place.size = words.number().value_or(0);
    if (words.take(" at ")) place.address = words.hexadecimal().value_or(0);
    if (words.take(" (")) place.module = words.until("+0x");
    return place;
  }
  if (words.take("stack of ") || words.take("TLS of ")) {
    place.kind = trim(line).starts_with("Location is stack") ? Place::Kind::stack : Place::Kind::tls;
    place.thread = words.thread().value_or(unknown_thread);
    return place;
  }
  if (words.take("file descriptor ")) {
    place.kind = Place::Kind::descriptor;
    place.number = words.number().value_or(0);
    place.destroyed = words.take(" destroyed");
    if (words.skip_past(" by ")) place.thread = words.thread().value_or(unknown_thread);
    return place;
  }
  place.kind = words.take("heap block") ? Place::Kind::heap : Place::Kind::object;
  if (place.kind == Place::Kind::object) place.name = words.until(" of size ");
  else words.take(" of size ");
  place.size = words.number().value_or(0);
  if (words.take(" at ")) place.address = words.hexadecimal().value_or(0);
  if (words.take(" allocated by ")) place.thread = words.thread().value_or(unknown_thread);
  return place;
}

std::optional<Mutex> mutex_in(std::string_view line) {
  Words words(trim(line));
  if (!words.take("Mutex ")) return std::nullopt;
  Mutex mutex;
  const auto number = words.mutex();
  if (!number) return std::nullopt;
  mutex.number = *number;
  if (words.take(" (")) mutex.address = words.hexadecimal().value_or(0), words.until(")");
  if (!words.take(" created at:") && !words.take(" is already destroyed")) return std::nullopt;
  return mutex;
}

std::optional<LockStep> lock_step_in(std::string_view line) {
  Words words(trim(line));
  if (!words.take("Mutex ")) return std::nullopt;
  LockStep step;
  const auto taken = words.mutex();
  if (!taken || !words.take(" acquired here while holding mutex ")) return std::nullopt;
  const auto holding = words.mutex();
  if (!holding) return std::nullopt;
  step.taken = *taken, step.holding = *holding;
  if (words.take(" in ")) step.thread = words.thread().value_or(unknown_thread);
  return step;
}

std::optional<Thread> thread_in(std::string_view line) {
  Words words(trim(line));
  if (!words.take("Thread T")) return std::nullopt;
  Thread thread;
  const auto number = words.number();
  if (!number || *number >= unknown_thread) return std::nullopt;
  thread.number = static_cast<ThreadNumber>(*number);
  if (words.take(" '")) {
    const std::size_t end = words.rest().find("' (tid=");
    if (end == std::string_view::npos) return std::nullopt;
    thread.name = words.rest().substr(0, end);
    words.skip_past("'");
    words = Words(
        words.rest().substr(words.rest().find("(tid=") == std::string_view::npos ? 0 : words.rest().find("(tid=")));
    if (!words.take("(tid=")) return std::nullopt;
  } else if (!words.take(" (tid=")) {
    return std::nullopt;
  }
  thread.tid = words.number().value_or(0);
  thread.running = words.take(", running");
  if (words.skip_past(" created by ")) thread.creator = words.thread().value_or(unknown_thread);
  return thread;
}

namespace {

struct Named {
  std::string_view text;
  Kind kind;
};

// Longer texts before those they begin with.
constexpr Named kinds[] = {
    {"data race on vptr", Kind::vptr_race},
    {"data race", Kind::data_race},
    {"heap-use-after-free", Kind::use_after_free},
    {"race on external object", Kind::external_race},
    {"race on ", Kind::external_race},
    {"thread leak", Kind::thread_leak},
    {"destroy of a locked mutex", Kind::destroy_locked},
    {"double lock of a mutex", Kind::double_lock},
    {"use of an invalid mutex", Kind::invalid_mutex},
    {"unlock of an unlocked mutex", Kind::bad_unlock},
    {"read lock of a write locked mutex", Kind::bad_read_lock},
    {"read unlock of a write locked mutex", Kind::bad_read_unlock},
    {"signal-unsafe call inside of a signal", Kind::signal_unsafe},
    {"signal handler spoils errno", Kind::errno_in_signal},
    {"lock-order-inversion", Kind::lock_order_inversion},
    {"mutex held in the wrong context", Kind::mutex_in_wrong_context},
};

}  // namespace

std::optional<Heading> heading_in(std::string_view line) {
  line = trim(line);
  Heading heading;
  if (const std::size_t at = line.find("WARNING: ThreadSanitizer: "); at != std::string_view::npos) {
    Words words(line.substr(at + 26));
    const std::size_t pid = words.rest().rfind(" (pid=");
    heading.type = words.rest().substr(0, pid);
    if (pid != std::string_view::npos) heading.pid = Words(words.rest().substr(pid + 6)).number().value_or(0);
    for (const Named& named : kinds)
      if (heading.type.starts_with(named.text)) {
        heading.kind = named.kind;
        break;
      }
    return heading;
  }
  const auto pid_in_front = [&] {
    Words words(line);
    if (words.take("==")) heading.pid = words.number().value_or(0);
  };
  if (const std::size_t at = line.find("ERROR: ThreadSanitizer: "); at != std::string_view::npos) {
    pid_in_front();
    Words words(line.substr(at + 24));
    heading.kind = Kind::deadly_signal;
    const std::size_t on = words.rest().find(" on ");
    heading.type = heading.signal = words.rest().substr(0, std::min(on, words.rest().find(" (")));
    if (words.skip_past("address ")) heading.address = words.hexadecimal().value_or(0);
    return heading;
  }
  if (line.find("ThreadSanitizer: CHECK failed: ") != std::string_view::npos ||
      line.find("ThreadSanitizer: nested bug") != std::string_view::npos) {
    pid_in_front();
    heading.kind = Kind::check_failed;
    heading.type = line.substr(line.find("ThreadSanitizer: ") + 17);
    if (const std::size_t tid = heading.type.rfind(" (tid="); tid != std::string::npos) heading.type.resize(tid);
    return heading;
  }
  return std::nullopt;
}

std::string plain_line(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b' && i + 1 < line.size() && line[i + 1] == '[') {
      std::size_t end = i + 2;
      while (end < line.size() && (line[end] < '@' || line[end] > '~')) ++end;
      i = end;
      continue;
    }
    const auto c = static_cast<unsigned char>(line[i]);
    if (c == '\r' && i + 1 == line.size()) continue;
    out.push_back((c < 0x20 && c != '\t') || c == 0x7f ? '?' : line[i]);
  }
  return out;
}

}  // namespace ftaudit::dynamic::tsan
