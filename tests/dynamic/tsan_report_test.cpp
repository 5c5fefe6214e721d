#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/files.h"
#include "base/text.h"
#include "dynamic/tsan/lines.h"
#include "dynamic/tsan/log.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;
using tsan::Kind;
using tsan::Log;
using tsan::Report;

namespace {

const fs::path samples = fs::path(FTAUDIT_SOURCE_DIR) / "tests/dynamic/tsan_reports";

std::string sample(const std::string& name) {
  const auto text = read_file(samples / name);
  REQUIRE_MESSAGE(text.ok(), name);
  return *text;
}

Log read(const std::string& name) { return tsan::parse(sample(name)); }

const Report& only(const Log& log) {
  REQUIRE(log.reports.size() == 1);
  return log.reports[0];
}

}  // namespace

TEST_CASE("every sample of every compiler is read whole, and nothing in it is left unread") {
  const std::vector<std::pair<std::string, Kind>> kinds{{"bad_unlock", Kind::bad_unlock},
                                                        {"deadlock", Kind::lock_order_inversion},
                                                        {"destroy_locked", Kind::destroy_locked},
                                                        {"invalid_mutex", Kind::invalid_mutex},
                                                        {"race_atomic", Kind::data_race},
                                                        {"race_fd", Kind::data_race},
                                                        {"race_global", Kind::data_race},
                                                        {"race_heap", Kind::data_race},
                                                        {"race_memset", Kind::data_race},
                                                        {"race_mutex", Kind::data_race},
                                                        {"race_prev_atomic", Kind::data_race},
                                                        {"race_read", Kind::data_race},
                                                        {"race_stack", Kind::data_race},
                                                        {"race_tls", Kind::data_race},
                                                        {"signal_unsafe", Kind::signal_unsafe},
                                                        {"thread_leak", Kind::thread_leak},
                                                        {"uaf", Kind::use_after_free},
                                                        {"vptr_r", Kind::vptr_race},
                                                        {"segv", Kind::deadly_signal}};
  unsigned read_files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(samples)) {
    const std::string file = entry.path().filename().string(), name = entry.path().stem().string();
    const std::string what = name.substr(name.find('_') + 1);
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == what; });
    if (kind == kinds.end()) continue;
    CAPTURE(file);
    ++read_files;
    const Log log = read(file);
    REQUIRE_FALSE(log.reports.empty());
    for (const Report& report : log.reports) {
      CHECK(report.kind == kind->second);
      CHECK_FALSE(report.cut_off);
      CHECK(report.unread == 0);
      CHECK(report.pid > 1000);
      if (kind->second == Kind::data_race || kind->second == Kind::use_after_free || kind->second == Kind::vptr_race) {
        REQUIRE(report.accesses.size() == 2);
        CHECK_FALSE(report.accesses[0].previous);
        CHECK(report.accesses[1].previous);
        for (const tsan::Access& access : report.accesses) {
          CHECK(access.address != 0);
          CHECK(access.thread != tsan::unknown_thread);
          CHECK_FALSE(access.stack.frames.empty());
        }
      }
    }
    if (kind->second != Kind::deadly_signal) CHECK(log.announced == log.reports.size());
  }
  CHECK(read_files > 50);
}

TEST_CASE("both sides of a race, where the memory is, who the threads are") {
  const Log log = read("c19_race_mutex.txt");
  const Report& report = only(log);
  CHECK(report.accesses[0].write);
  CHECK(report.accesses[0].size == 4);
  CHECK(report.accesses[0].thread == 2);
  REQUIRE(report.accesses[0].held.size() == 1);
  CHECK(report.accesses[0].held[0].mutex == 0);
  CHECK(report.accesses[1].held[0].mutex == 1);
  const tsan::Frame& frame = report.accesses[0].stack.frames[0];
  CHECK(frame.function == "wr_m2");
  CHECK(frame.file == "/src/kinds.c");
  CHECK(frame.line == 22);
  CHECK(frame.column == 74);
  CHECK(frame.module == "k19");
  CHECK(frame.offset == 0xe4f43);
  REQUIRE(report.places.size() == 1);
  CHECK(report.places[0].kind == tsan::Place::Kind::global);
  CHECK(report.places[0].name == "G");
  CHECK(report.mutexes.size() == 2);
  REQUIRE(report.thread(1) != nullptr);
  CHECK(report.thread(1)->tid != 0);
  CHECK(report.slept.has_value());
}

TEST_CASE("atomic accesses are told apart, also in lower case behind Previous") {
  const Log later = read("c19_race_atomic.txt"), earlier = read("c19_race_prev_atomic.txt");
  CHECK_FALSE(only(later).accesses[0].atomic);
  CHECK(only(later).accesses[1].atomic);
  CHECK(only(later).accesses[1].write);
  CHECK(only(earlier).accesses.size() == 2);
  CHECK((only(earlier).accesses[0].atomic || only(earlier).accesses[1].atomic));
}

TEST_CASE("the circle of a lock order, with and without the second stacks") {
  const Log whole = read("c19_deadlock.txt");
  const Report& report = only(whole);
  REQUIRE(report.circle.size() == 2);
  CHECK(report.circle[0].taken == 1);
  CHECK(report.circle[0].holding == 0);
  CHECK(report.circle[0].thread == 1);
  REQUIRE(report.circle[0].holding_stack.has_value());
  CHECK(report.circle[0].holding_stack->frames[1].function == "l12");
  REQUIRE(report.mutexes.size() == 2);
  CHECK(report.mutexes[1].address == 0x55b934963758);
  const Log half = read("fmt_deadlock.txt");
  REQUIRE(only(half).circle.size() == 2);
  CHECK_FALSE(only(half).circle[0].holding_stack.has_value());
}

TEST_CASE("frames of C++ hold blanks; frames in our own format are exact") {
  const auto frame = [](std::string_view line) {
    const auto read = tsan::frame_in(line);
    REQUIRE_MESSAGE(read.has_value(), line);
    return *read;
  };
  CHECK(frame("    #0 A::~A() /src/vptr.cc:5:41 (v19+0xe7d54) (BuildId: 48e8)").function == "A::~A()");
  CHECK(frame("    #0 operator new(unsigned long) <null> (v19+0xe6642)").function == "operator new(unsigned long)");
  CHECK(frame("    #0 operator new(unsigned long) <null> (v19+0xe6642)").file.empty());
  const tsan::Frame spaced = frame(
      "    #3 std::vector<int, std::allocator<int> >::push_back(int const&) /usr/my files/stl_vector.h:12 (m.so+0x1)");
  CHECK(spaced.function == "std::vector<int, std::allocator<int> >::push_back(int const&)");
  CHECK(spaced.file == "/usr/my files/stl_vector.h");
  CHECK(spaced.line == 12);
  CHECK(frame("    #1 (anonymous namespace)::get(int, char const*) ../src/a.cc:3:4 (m.so+0x1)").file == "../src/a.cc");
  CHECK(frame("    #1 (anonymous namespace)::get(int, char const*) ../src/a.cc:3:4 (m.so+0x1)").function ==
        "(anonymous namespace)::get(int, char const*)");
  CHECK(frame("    #2 main /src/kinds.c (k19+0xe48cf)").line == 0);
  CHECK(frame("    #0 <null> <null> (x.so+0x12)").module == "x.so");
  CHECK(frame("    #0 0x55ba in main /src/a.c:2 (x+0x1)").function == "main");
  const tsan::Frame own =
      frame("    #0|0x7f1|grid::operator|(grid::Set, grid::Set)|/src/a b.cc:7:3|/tmp/x/grid.cpython-313t.so|0x12ab");
  CHECK(own.function == "grid::operator|(grid::Set, grid::Set)");
  CHECK(own.file == "/src/a b.cc");
  CHECK(own.line == 7);
  CHECK(own.module == "/tmp/x/grid.cpython-313t.so");
  CHECK(own.offset == 0x12ab);
  CHECK_FALSE(tsan::frame_in("  Location is heap block").has_value());
  CHECK_FALSE(tsan::frame_in("    #x").has_value());
}

TEST_CASE("a stack that could not be restored, a place that is told twice") {
  const Report report = read("c19_invalid_mutex.txt").reports.at(0);
  REQUIRE(report.mutexes.size() == 1);
  CHECK_FALSE(report.mutexes[0].created.restored);
  REQUIRE(report.places.size() == 2);
  CHECK(report.places[0].kind == tsan::Place::Kind::stack);
  CHECK(report.places[0].thread == 0);
}

TEST_CASE("a report that breaks off is kept as far as it goes; the next one is whole") {
  std::string text = sample("c19_race_global.txt");
  const std::string whole = text;
  text.resize(text.find("Previous write"));
  const Log log = tsan::parse(text + "\n" + whole);
  REQUIRE(log.reports.size() == 2);
  CHECK(log.reports[0].cut_off);
  CHECK(log.reports[0].accesses.size() == 1);
  CHECK_FALSE(log.reports[1].cut_off);
  CHECK(log.reports[1].accesses.size() == 2);
}

TEST_CASE("colours and other programs' lines do not matter") {
  const std::string plain = sample("c19_race_heap.txt");
  std::string mixed;
  unsigned number = 0;
  for (const std::string& line : split(plain, '\n')) {
    mixed += "\x1b[1m\x1b[31m" + line + "\x1b[0m\r\n";
    if (++number % 3 == 0) mixed += "/usr/bin/llvm-symbolizer-19: error: '[stack]': No such file or directory\r\n";
  }
  const Report report = only(tsan::parse(mixed)), wanted = only(tsan::parse(plain));
  REQUIRE(report.accesses.size() == 2);
  CHECK(report.accesses[0].stack.frames.size() == wanted.accesses[0].stack.frames.size());
  CHECK(report.accesses[1].stack.frames[0].function == wanted.accesses[1].stack.frames[0].function);
  CHECK(report.places.size() == 1);
  CHECK(report.threads.size() == 2);
  CHECK(report.unread > 0);
  CHECK(report.text.find('\x1b') == std::string::npos);
}

TEST_CASE("what the runtime says of itself") {
  CHECK(read("c19_fork_thread.txt").fatal.size() == 1);
  const Log log = tsan::parse(
      "ThreadSanitizer: Matched 3 suppressions (pid=12):\n2 race:foo\n1 race_top:bar baz\n\nFATAL: ThreadSanitizer: "
      "unexpected memory mapping 0x1-0x2\n"
      "==7==FATAL: ThreadSanitizer: failed to parse suppressions\nThreadSanitizer: CHECK failed: tsan_rtl.cpp:1 "
      "\"((0))\" (0x0, 0x0) (tid=9)\n    #0 a <null> (x+0x1)\n");
  REQUIRE(log.suppressed.size() == 2);
  CHECK(log.suppressed[0].count == 2);
  CHECK(log.suppressed[1].rule == "race_top:bar baz");
  CHECK(log.fatal.size() == 2);
  REQUIRE(log.reports.size() == 1);
  CHECK(log.reports[0].kind == Kind::check_failed);
  CHECK(log.reports[0].stacks.size() == 1);
}

TEST_CASE("a deadly signal, on one stream or torn over two") {
  const Report report = only(read("c19_segv.txt"));
  CHECK(report.signal == "SEGV");
  CHECK(report.access == "WRITE");
  CHECK(report.address == 0x10);
  REQUIRE_FALSE(report.stacks.empty());
  CHECK(report.stacks[0].frames[0].function == "main");
}

TEST_CASE("logs of several processes are one") {
  auto folder = ScratchFolder::make("logs");
  REQUIRE(folder.ok());
  for (const char* pid : {"100", "205"})
    REQUIRE(write_file(folder->path() / (std::string("tsan.") + pid), sample("c19_uaf.txt")).ok());
  REQUIRE(write_file(folder->path() / "other.1", sample("c19_uaf.txt")).ok());
  CHECK(tsan::read_logs((folder->path() / "tsan").string()).reports.size() == 2);
}

// Fixed seed: the same thousands of broken texts every time.
TEST_CASE("broken text never breaks the reader") {
  std::mt19937 random(20240607);
  std::vector<std::string> texts;
  for (const fs::directory_entry& entry : fs::directory_iterator(samples)) texts.push_back(*read_file(entry.path()));
  std::sort(texts.begin(), texts.end());
  REQUIRE(texts.size() > 50);
  const std::string_view pieces[] = {"0x",
                                     "    #",
                                     "|",
                                     "(",
                                     ")",
                                     "<",
                                     " (mutexes: write M",
                                     "99999999999999999999999",
                                     "Location is ",
                                     "'",
                                     "M0 (0x",
                                     " by thread T",
                                     "\x1b[",
                                     "==================\n",
                                     "Thread T1 '",
                                     "\n\n",
                                     "(tid=",
                                     "\xff"};
  std::uint64_t reports = 0, frames = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text = texts[random() % texts.size()];
    for (unsigned n = 1 + random() % 8; n > 0 && !text.empty(); --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 5) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, random() % 40); break;
        case 2: text.insert(at, pieces[random() % std::size(pieces)]); break;
        case 3: text.insert(at, text.substr(random() % text.size(), random() % 200)); break;
        default: text.resize(at);
      }
    }
    const Log log = tsan::parse(text);
    reports += log.reports.size();
    for (const Report& report : log.reports) {
      for (const tsan::Access& access : report.accesses) frames += access.stack.frames.size();
      const bool printable = std::none_of(report.text.begin(), report.text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
      });
      REQUIRE(printable);
    }
  }
  CHECK(reports > 3000);
  CHECK(frames > 3000);
}
