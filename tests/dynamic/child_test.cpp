#include <doctest/doctest.h>

#include <signal.h>
#include <unistd.h>

#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "dynamic/watch/child.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;
using namespace std::chrono_literals;
using Kind = Ending::Kind;

namespace {

ChildRequest shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script}, .timeout = 20s, .debugger = false};
}

Ending ended(const ChildRequest& request) {
  const Result<Ending> ending = watch(request);
  REQUIRE_MESSAGE(ending.ok(), (ending.ok() ? "" : ending.message()));
  return *ending;
}

bool alive(pid_t pid) { return ::kill(pid, 0) == 0; }

pid_t pid_in(const fs::path& file) {
  const auto text = read_file(file);
  REQUIRE(text.ok());
  const int pid = std::atoi(text->c_str());
  REQUIRE(pid > 1);
  return pid;
}

// Compiled once: threads that lock two mutexes in opposite orders, or relock one.
fs::path locker(const ScratchFolder& folder) {
  REQUIRE(write_file(folder.path() / "locker.c", R"(
#include <pthread.h>
#include <string.h>
#include <unistd.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;
static void *one(void *x) { pthread_mutex_lock(&a); pthread_barrier_wait(&both); pthread_mutex_lock(&b); return x; }
static void *two(void *x) { pthread_mutex_lock(&b); pthread_barrier_wait(&both); pthread_mutex_lock(&a); return x; }
static void *spin(void *x) { for (volatile unsigned long n = 0;; n++) ; return x; }
int main(int argc, char **argv)
{
    pthread_t t, u;
    int circle = argc > 1 && strchr(argv[1], 'c') != NULL, busy = argc > 1 && strchr(argv[1], 's') != NULL;
    if (argc > 1 && strchr(argv[1], 'w')) { sleep(100); return 0; }
    if (argc > 1 && strchr(argv[1], 'r')) { pthread_mutex_lock(&a); pthread_mutex_lock(&a); }
    pthread_barrier_init(&both, NULL, 2);
    if (busy) pthread_create(&u, NULL, spin, NULL);
    if (circle) {
        pthread_create(&t, NULL, one, NULL);
        pthread_create(&u, NULL, two, NULL);
    }
    pthread_join(circle ? t : u, NULL);
    return 0;
}
)")
              .ok());
  const auto built = run({.argv = {"cc", "-g", "-pthread", "-o", (folder.path() / "locker").string(),
                                   (folder.path() / "locker.c").string()}});
  REQUIRE(built.ok());
  REQUIRE_MESSAGE(built->succeeded(), built->err);
  return folder.path() / "locker";
}

}  // namespace

TEST_CASE("how a program ends is told as it was") {
  CHECK(ended(shell("exit 0")).succeeded());
  const Ending seven = ended(shell("echo out; echo err >&2; exit 7"));
  CHECK(seven.kind == Kind::exited);
  CHECK(seven.exit_code == 7);
  CHECK(seven.out_tail == "out\n");
  CHECK(seven.err_tail == "err\n");
  CHECK(seven.describe() == "exit code 7");
  const Ending crash = ended(shell("kill -SEGV $$"));
  CHECK(crash.kind == Kind::crashed);
  CHECK(crash.signal == SIGSEGV);
  CHECK(ended(shell("kill -TERM $$")).signal == SIGTERM);
  const Ending missing = ended({.argv = {"/no/such/program"}});
  CHECK(missing.kind == Kind::could_not_start);
  CHECK(missing.err_tail == "/no/such/program: no such program");
  CHECK(ended({.argv = {"/bin/true"}, .folder = "/no/such/folder"}).kind == Kind::could_not_start);
}

TEST_CASE("the environment is changed where asked") {
  ::setenv("FTAUDIT_TEST_GONE", "here", 1);
  ChildRequest request = shell("echo \"$FTAUDIT_TEST_NEW-${FTAUDIT_TEST_GONE:-gone}\"");
  request.environment = {"FTAUDIT_TEST_NEW=new", "FTAUDIT_TEST_GONE"};
  CHECK(ended(request).out_tail == "new-gone\n");
}

TEST_CASE("fixed addresses are fixed") {
  ChildRequest request{.argv = {"/bin/cat", "/proc/self/personality"}, .timeout = 10s, .fixed_addresses = true};
  const Ending ending = ended(request);
  if (ending.out_tail.empty()) return;  // no such file in this kernel
  CHECK(std::stoul(ending.out_tail, nullptr, 16) == 0x0040000);
}

TEST_CASE("a program that sleeps is timed out, and one that ignores SIGTERM dies as well") {
  ChildRequest request = shell("trap '' TERM; while :; do sleep 0.1; done");
  request.timeout = 700ms;
  const auto began = std::chrono::steady_clock::now();
  const Ending ending = ended(request);
  CHECK(ending.kind == Kind::timed_out);
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("daemons in sessions of their own do not outlive the call") {
  auto folder = ScratchFolder::make("daemon");
  REQUIRE(folder.ok());
  const std::string file = (folder->path() / "pid").string();
  ChildRequest request = shell("setsid sh -c 'setsid sh -c \"echo \\$\\$ > " + file +
                               "; exec sleep 1000\" &' & while [ ! -s " + file + " ]; do sleep 0.05; done; exit 3");
  const Ending ending = ended(request);
  CHECK(ending.exit_code == 3);
  CHECK(ending.left_behind >= 1);
  CHECK_FALSE(alive(pid_in(file)));
}

TEST_CASE("a gigabyte of output neither fills memory nor the disk, and its end is kept") {
  auto folder = ScratchFolder::make("loud");
  REQUIRE(folder.ok());
  ChildRequest request = shell("head -c 1073741824 /dev/zero | tr '\\0' 'x'; echo; echo the end");
  request.timeout = 120s, request.output_bytes = 100000, request.log_folder = folder->path();
  const Ending ending = ended(request);
  CHECK(ending.succeeded());
  CHECK(ending.out_tail.ends_with("\nthe end\n"));
  CHECK(ending.out_tail.size() <= 64 * 1024);
  CHECK(ending.dropped_output > 1000000000);
  CHECK(fs::file_size(folder->path() / "stdout.txt") == 100000);
}

TEST_CASE("memory is counted over all processes") {
  ChildRequest request = shell(
      "(head -c 150000000 /dev/zero | tail -c 149999999 | (sleep 5; cat >/dev/null)) & (head -c 150000000 /dev/zero | "
      "tail -c 149999999 | (sleep 5; cat > /dev/null)) ; wait");
  request.memory_bytes = 200u << 20;
  const Ending ending = ended(request);
  CHECK(ending.kind == Kind::out_of_memory);
  CHECK(ending.peak_memory > (200u << 20));
}

TEST_CASE("progress is heard, silence is not") {
  auto folder = ScratchFolder::make("progress");
  REQUIRE(folder.ok());
  const fs::path file = folder->path() / "progress";
  ChildRequest request =
      shell("for i in 1 2 3 4 5 6 7 8; do echo step $i > " + file.string() + "; sleep 0.3; done; sleep 100");
  request.silence = 1500ms, request.progress_file = file;
  const Ending ending = ended(request);
  CHECK(ending.kind == Kind::timed_out);
  CHECK(ending.step == "step 8");
  CHECK(ending.lasted > 3s);
  CHECK(ending.lasted < 15s);
}

TEST_CASE("two pthread mutexes in opposite orders: a proven deadlock, long before the time is up") {
  auto folder = ScratchFolder::make("locker");
  REQUIRE(folder.ok());
  const fs::path program = locker(*folder);
  ChildRequest request{.argv = {program.string(), "c"}, .timeout = 60s};
  const Ending ending = ended(request);
  CHECK(ending.kind == Kind::deadlock);
  CHECK(ending.lasted < 20s);
  REQUIRE_FALSE(ending.standstills.empty());
  const Standstill& still = ending.standstills.front();
  CHECK(still.circle.size() == 2);
  CHECK(still.threads.size() == 3);
  CHECK(still.describe().find("waits for the pthread mutex at 0x") != std::string::npos);
  CHECK(still.describe().find("which is held by thread") != std::string::npos);
  if (find_program("gdb").empty()) return;
  bool in_one = false;
  for (const ThreadState& thread : still.threads)
    for (const StackFrame& frame : thread.native_stack)
      in_one |= frame.function == "one" && frame.file.ends_with("locker.c") && frame.line == 7;
  CHECK(in_one);

  // The same beside a thread that works.
  request.argv = {program.string(), "cs"};
  CHECK(ended(request).kind == Kind::deadlock);
}

TEST_CASE("hangs that are no deadlock are not called one") {
  auto folder = ScratchFolder::make("hangs");
  REQUIRE(folder.ok());
  const fs::path program = locker(*folder);
  ChildRequest request{.argv = {program.string(), "s"}, .timeout = 60s, .silence = 1500ms, .debugger = false};
  CHECK(ended(request).kind == Kind::livelock);
  request.argv = {program.string(), "w"};
  CHECK(ended(request).kind == Kind::timed_out);
  request.argv = {program.string(), "r"};  // locks its own mutex again: a circle of one
  const Ending self = ended(request);
  CHECK(self.kind == Kind::deadlock);
  CHECK(self.standstills.front().circle.size() == 1);
}

TEST_CASE("stopping from outside, and two at once") {
  std::atomic<bool> stop = false;
  ChildRequest request = shell("sleep 100");
  request.stop = &stop, request.timeout = 60s;
  Ending first, second;
  std::thread one([&] { first = ended(request); });
  std::thread two([&] { second = ended(shell("sleep 0.5; exit 4")); });
  two.join();
  CHECK(second.exit_code == 4);
  stop = true;
  one.join();
  CHECK(first.kind == Kind::interrupted);
}
