#include <doctest/doctest.h>

#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "dynamic/watch/python_stacks.h"
#include "dynamic/watch/stacks.h"
#include "dynamic/watch/threads.h"

using namespace ftaudit::dynamic;
using Kind = AwaitedLock::Kind;

namespace {

ThreadState waiting(pid_t tid, pid_t owner, Kind kind = Kind::py_mutex) {
  ThreadState thread{.tid = tid, .state = 'S', .syscall = 202, .futex = 0x100};
  if (owner != 0) thread.waits_for = AwaitedLock{kind, 0x1000 + static_cast<std::uint64_t>(owner), owner};
  return thread;
}

}  // namespace

TEST_CASE("a circle of waiting, and chains that are none") {
  CHECK(circle_of_waiting({}).empty());
  CHECK(circle_of_waiting({waiting(1, 2), waiting(2, 3), waiting(3, 0)}).empty());
  CHECK(circle_of_waiting({waiting(1, 2), waiting(2, 3), waiting(3, 2)}) == std::vector<pid_t>{2, 3});
  CHECK(circle_of_waiting({waiting(1, 1)}) == std::vector<pid_t>{1});
  CHECK(circle_of_waiting({waiting(1, 9)}).empty());  // an owner that is gone
  ThreadState runs = waiting(2, 1);
  runs.state = 'R';
  CHECK(circle_of_waiting({waiting(1, 2), runs}).empty());
  ThreadState for_a_while = waiting(2, 1);
  for_a_while.timed = true;
  CHECK(circle_of_waiting({waiting(1, 2), for_a_while}).empty());
}

TEST_CASE("a critical section is given up in any wait but a pthread mutex's") {
  CHECK(circle_of_waiting({waiting(1, 2, Kind::critical_section), waiting(2, 1, Kind::critical_section)}).empty());
  CHECK(circle_of_waiting({waiting(1, 2, Kind::critical_section), waiting(2, 1, Kind::py_mutex)}).empty());
  CHECK(circle_of_waiting({waiting(1, 2, Kind::critical_section), waiting(2, 1, Kind::pthread_mutex)}).size() == 2);
}

TEST_CASE("two looks tell who burns, who is parked, and that a circle stays") {
  Standstill before{.threads = {waiting(1, 2), waiting(2, 1)}}, now = before;
  compare(before, now);
  CHECK(now.all_parked);
  CHECK_FALSE(now.burns);
  CHECK(now.circle.size() == 2);
  now.threads[0].ticks += 90;
  compare(before, now);
  CHECK(now.burns);
  CHECK_FALSE(now.all_parked);
  Standstill other = before;
  other.threads[1].waits_for.reset();
  now = before;
  compare(other, now);
  CHECK(now.circle.empty());
}

TEST_CASE("this process's own threads: a locked mutex has its owner, a condition has none") {
  std::mutex mutex, of_condition;
  std::condition_variable condition;
  bool go = false;
  pid_t locked = 0, waits = 0;
  const pid_t self = ::gettid();
  mutex.lock();
  std::thread one([&] {
    locked = ::gettid();
    mutex.lock();
    mutex.unlock();
  });
  std::thread two([&] {
    std::unique_lock lock(of_condition);
    waits = ::gettid();
    condition.wait(lock, [&] { return go; });
  });
  bool seen_mutex = false, seen_condition = false;
  for (int n = 0; n < 200 && !(seen_mutex && seen_condition); ++n) {
    ::usleep(20000);
    const Standstill look = look_at(::getpid());
    CHECK(look.threads.size() >= 3);
    for (const ThreadState& thread : look.threads) {
      if (thread.tid == locked && thread.waits_for) {
        CHECK(thread.waits_for->kind == Kind::pthread_mutex);
        CHECK(thread.waits_for->owner == self);
        CHECK(thread.waits_for->address == reinterpret_cast<std::uint64_t>(mutex.native_handle()));
        seen_mutex = true;
      }
      if (thread.tid == waits && thread.parked()) {
        CHECK_FALSE(thread.waits_for.has_value());
        seen_condition = true;
      }
    }
  }
  mutex.unlock();
  {
    const std::lock_guard lock(of_condition);
    go = true;
  }
  condition.notify_all();
  one.join(), two.join();
  CHECK(seen_mutex);
  CHECK(seen_condition);
}

TEST_CASE("gdb's stacks: functions, lines, and the locks of CPython in them") {
  Standstill process{.threads = {{.tid = 11, .state = 'S', .futex = 1},
                                 {.tid = 12, .state = 'S', .futex = 1, .timed = true},
                                 {.tid = 13}}};
  process.threads[0].waits_for = AwaitedLock{Kind::pthread_mutex, 0x55, 12};
  read_gdb_stacks(
      "[Thread debugging using libthread_db enabled]\n\nThread 3 (Thread 0x7f (LWP 13) \"w\"):\n#0  0x00007f in "
      "__futex (a=1, b=...) at ./nptl/futex.c:57\n"
      "#1  0x000055 in _PyParkingLot_Park (addr=addr@entry=0x7f11) at ../Python/parking_lot.c:323\n#2  "
      "_PyMutex_LockTimed (m=m@entry=0x7f11, timeout=-1) at ../Python/lock.c:98\n"
      "#3  0x01 in grid::Lattice<int>::add (this=0x1, n=2) at /src/my grid.cpp:12\n#4  0x02 in ?? () from "
      "/lib/libx.so.1\n\n"
      "Thread 2 (Thread 0x7e (LWP 12) \"w\"):\n#0  do_wait () at a.c:1\n#1  stop_the_world (stw=0x1) at "
      "../Python/pystate.c:2200\n\nThread 1 (LWP 11):\n#0  lock () from /lib/libc.so.6\n",
      process);
  const ThreadState& third = process.threads[2];
  REQUIRE(third.native_stack.size() == 5);
  CHECK(third.native_stack[3].function == "grid::Lattice<int>::add");
  CHECK(third.native_stack[3].file == "/src/my grid.cpp");
  CHECK(third.native_stack[3].line == 12);
  CHECK(third.native_stack[4].file == "/lib/libx.so.1");
  REQUIRE(third.waits_for.has_value());
  CHECK(third.waits_for->kind == Kind::py_mutex);
  CHECK(third.waits_for->address == 0x7f11);
  read_locks_from_stacks(process);
  REQUIRE(process.threads[1].waits_for.has_value());
  CHECK(process.threads[1].waits_for->kind == Kind::stop_the_world);
  CHECK(circle_of_waiting(process.threads).size() == 2);
}

TEST_CASE("lines of code units, as CPython codes them") {
  // Kinds 15 (no line), 11 (the next line, two column bytes), 13 (a signed step of lines), 0 (same line, one column
  // byte).
  const char table[] = {char(0x80 | 15 << 3 | 0),
                        char(0x80 | 11 << 3 | 1),
                        4,
                        9,
                        char(0x80 | 13 << 3 | 0),
                        5 /* -2 */,
                        char(0x80 | 0 << 3 | 2),
                        17};
  const std::string_view text(table, sizeof table);
  CHECK(line_of(text, 40, 2) == 41);
  CHECK(line_of(text, 40, 5) == 41);
  CHECK(line_of(text, 40, 6) == 39);
  CHECK(line_of(text, 40, 8) == 39);
  CHECK(line_of(text, 40, 4000) == 40);
  CHECK(line_of("", 40, 0) == 40);
}

TEST_CASE("a process that is no Python has no Python stacks") {
  Standstill self{.process = ::getpid(), .threads = threads_of(::getpid())};
  CHECK_FALSE(add_python_stacks(self));
}
