#include "dynamic/tsan/log.h"

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "dynamic/tsan/lines.h"

namespace ftaudit::dynamic::tsan {
namespace {

// A report longer than this is kept in its values; its text is cut.
constexpr std::size_t longest_text = 64 * 1024, longest_line = 16 * 1024;

class Reader {
 public:
  Reader(Log& log, std::size_t limit) : log_(log), limit_(limit) {}

  void take(std::string_view raw) {
    const std::string line = plain_line(raw.substr(0, longest_line));
    if (const auto heading = heading_in(line)) return begin(*heading, line);
    if (about_the_run(line)) return;
    if (!open_) return;
    if (line.starts_with("==================")) return finish();
    keep(line);
    if (trim(line).empty()) return;
    if (line.starts_with("SUMMARY: ThreadSanitizer:")) {
      whole_ = true;
      if (report().kind == Kind::deadly_signal) finish();
      return;
    }
    if (!understood(line)) ++report().unread;
  }

  void finish() {
    if (!open_) return;
    Report& done = report();
    done.cut_off = !whole_ && done.kind != Kind::check_failed;
    while (done.text.ends_with("\n\n")) done.text.pop_back();
    open_ = false, whole_ = false, stack_ = nullptr;
  }

 private:
  Report& report() { return log_.reports.back(); }

  void begin(const Heading& heading, const std::string& line) {
    finish();
    if (log_.reports.size() >= limit_) return;
    Report fresh;
    fresh.kind = heading.kind, fresh.type = heading.type, fresh.signal = heading.signal;
    fresh.pid = heading.pid, fresh.address = heading.address;
    log_.reports.push_back(std::move(fresh));
    open_ = true, stack_ = nullptr;
    keep(line);
  }

  void keep(const std::string& line) {
    std::string& text = report().text;
    if (text.size() + line.size() < longest_text) text.append(line).append("\n");
  }

  // What the runtime says outside reports; it may come in the middle of one.
  bool about_the_run(std::string_view line) {
    const std::string_view text = trim(line);
    if (Words words(text); words.take("ThreadSanitizer: reported ")) {
      log_.announced += words.number().value_or(0);
      return true;
    }
    if (Words words(text); words.take("ThreadSanitizer: Matched ")) {
      finish();
      in_suppressed_ = true;
      return true;
    }
    if (in_suppressed_) {
      Words words(text);
      const auto count = words.number();
      if (count && words.take(" ") && words.rest().find(':') != std::string_view::npos) {
        log_.suppressed.push_back({*count, std::string(words.rest())});
        return true;
      }
      in_suppressed_ = false;
    }
    const bool fatal = text.find("FATAL: ThreadSanitizer") != std::string_view::npos ||
                       (text.starts_with("==") && text.find("==ThreadSanitizer: ") != std::string_view::npos) ||
                       text.starts_with("ThreadSanitizer: failed to ") ||
                       text.starts_with("ThreadSanitizer setrlimit()");
    if (fatal && log_.fatal.size() < 100) log_.fatal.emplace_back(text);
    return fatal;
  }

  bool understood(std::string_view line) {
    if (auto frame = frame_in(line)) return add(std::move(*frame));
    if (line.find("[failed to restore the stack]") != std::string_view::npos) {
      if (stack_ == nullptr) report().stacks.emplace_back(), stack_ = &report().stacks.back();
      stack_->restored = false;
      return true;
    }
    Report& r = report();
    if (auto access = access_in(line)) {
      r.accesses.push_back(std::move(*access));
      stack_ = &r.accesses.back().stack;
    } else if (auto place = place_in(line)) {
      r.places.push_back(std::move(*place));
      stack_ = &r.places.back().stack;
    } else if (auto step = lock_step_in(line)) {
      r.circle.push_back(std::move(*step));
      stack_ = &r.circle.back().stack;
    } else if (auto mutex = mutex_in(line)) {
      r.mutexes.push_back(std::move(*mutex));
      stack_ = &r.mutexes.back().created;
    } else if (auto thread = thread_in(line)) {
      r.threads.push_back(std::move(*thread));
      stack_ = &r.threads.back().created;
    } else {
      return in_words(trim(line));
    }
    return true;
  }

  bool add(Frame frame) {
    if (stack_ == nullptr) {
      // Kinds without accesses begin with a bare stack.
      report().stacks.emplace_back();
      stack_ = &report().stacks.back();
    }
    stack_->frames.push_back(std::move(frame));
    return true;
  }

  bool in_words(std::string_view text) {
    Report& r = report();
    if (text == "and:") {
      r.stacks.emplace_back();
      stack_ = &r.stacks.back();
    } else if (text.starts_with("As if synchronized via sleep")) {
      r.slept.emplace();
      stack_ = &*r.slept;
    } else if (text.starts_with("Mutex M") &&
               text.find(" previously acquired by the same thread here") != std::string_view::npos) {
      if (r.circle.empty()) return false;
      r.circle.back().holding_stack.emplace();
      stack_ = &*r.circle.back().holding_stack;
    } else if (text.starts_with("Cycle in lock order graph:")) {
      cycle(text);
    } else if (text.find("The signal is caused by a ") != std::string_view::npos) {
      r.access = text.find(" READ ") != std::string_view::npos    ? "READ"
                 : text.find(" WRITE ") != std::string_view::npos ? "WRITE"
                                                                  : "";
    } else {
      if (r.kind == Kind::deadly_signal && text.find(" = 0x") != std::string_view::npos) return true;  // registers
      constexpr std::string_view known[] = {"Hint: ", "And ", "ThreadSanitizer can not provide additional info", "=="};
      return std::any_of(std::begin(known), std::end(known), [&](std::string_view k) { return text.starts_with(k); });
    }
    return true;
  }

  // The addresses stand nowhere else: "M0 (0x55b934963730) => M1 (0x55b934963758) => M0"
  void cycle(std::string_view text) {
    stack_ = nullptr;  // it may lie in the list that grows here
    Words words(text);
    words.skip_past("graph: ");
    do {
      const auto number = words.mutex();
      if (!number) break;
      Mutex mutex{.number = *number};
      if (!words.take(" (")) break;
      mutex.address = words.hexadecimal().value_or(0);
      words.until(")");
      report().mutexes.push_back(std::move(mutex));
    } while (words.take(" => "));
  }

  Log& log_;
  std::size_t limit_;
  bool open_ = false, whole_ = false, in_suppressed_ = false;
  Stack* stack_ = nullptr;  // being filled; always the last of its list
};

}  // namespace

Log parse(std::string_view text, std::size_t limit) {
  Log log;
  Reader reader(log, limit);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.take(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  reader.finish();
  return log;
}

Log read_logs(std::string_view prefix, std::uint64_t* dropped) {
  constexpr std::uintmax_t most = 64u << 20;  // of one process
  const fs::path base(prefix);
  const std::string stem = base.filename().string() + ".";
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator it(base.parent_path(), failed), end; !failed && it != end; it.increment(failed))
    if (it->path().filename().string().starts_with(stem) && it->is_regular_file(failed)) files.push_back(it->path());
  std::sort(files.begin(), files.end());
  Log all;
  for (const fs::path& file : files) {
    const std::uintmax_t size = fs::file_size(file, failed);
    if (failed || size > most) {
      if (dropped != nullptr && !failed) *dropped += size;
      all.fatal.push_back(file.filename().string() + ": too long to be read");
      continue;
    }
    const Result<std::string> text = read_file(file);
    if (!text.ok()) {
      all.fatal.push_back(text.message());
      continue;
    }
    Log one = parse(*text);
    // A report's process is in the file's name, too.
    std::uint64_t pid = Words(file.filename().string().substr(stem.size())).number().value_or(0);
    for (Report& report : one.reports) {
      if (report.pid == 0) report.pid = pid;
      all.reports.push_back(std::move(report));
    }
    all.announced += one.announced;
    all.suppressed.insert(all.suppressed.end(), one.suppressed.begin(), one.suppressed.end());
    all.fatal.insert(all.fatal.end(), one.fatal.begin(), one.fatal.end());
  }
  return all;
}

}  // namespace ftaudit::dynamic::tsan
