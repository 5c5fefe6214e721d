// The native stack of a crash, compiled and run for real.
#include <doctest/doctest.h>

#include "base/files.h"
#include "base/process.h"
#include "dynamic/runtime/runtime.h"
#include "dynamic/watch/last_words.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

// A second thread trips over the same NULL while the first one still looks for the names of its frames. What handled
// crashes before ends the process, as faulthandler does.
constexpr const char* program = R"(
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
static char *volatile page;
static pthread_barrier_t both;
int __real_dladdr(const void *address, Dl_info *where);
int __wrap_dladdr(const void *address, Dl_info *where) { usleep(20000); return __real_dladdr(address, where); }
static void *crash(void *late) { pthread_barrier_wait(&both); if (late) usleep(10000); *page = 1; return late; }
static void ends(int number) {
  static const char words[] = "Fatal Python error: Segmentation fault\n";
  if (write(2, words, sizeof words - 1) > 0) _exit(number);
}
__attribute__((constructor(101))) static void install_first(void) { signal(SIGSEGV, ends); }
int main(void) {
  pthread_t a, b;
  pthread_barrier_init(&both, NULL, 2);
  pthread_create(&a, NULL, crash, NULL);
  pthread_create(&b, NULL, crash, &b);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
)";

}  // namespace

TEST_CASE("the thread that crashes first tells its stack, whoever crashes meanwhile") {
  if (find_program("cc").empty()) return;
  Result<ScratchFolder> scratch = ScratchFolder::make("crash_stack");
  REQUIRE(scratch);
  REQUIRE(write_runtime_files("", scratch->path()));
  REQUIRE(write_file(scratch->path() / "program.c", program));
  const fs::path executable = scratch->path() / "program";
  const Result<Outcome> compiled =
      run({.argv = {"cc", "-Wl,--wrap=dladdr", (scratch->path() / "program.c").string(),
                    (scratch->path() / "crash_stack.c").string(), "-o", executable.string(), "-lpthread", "-ldl"}});
  REQUIRE(compiled);
  REQUIRE_MESSAGE(compiled->succeeded(), compiled->err);
  const Result<Outcome> ran = run(
      {.argv = {executable.string()}, .environment = {"FTAUDIT_CRASH_STACK=1"}, .timeout = std::chrono::minutes(1)});
  REQUIRE(ran);
  const LastWords words = last_words(ran->err);
  CHECK_MESSAGE(!words.native.empty(), ran->err);
  CHECK_MESSAGE(words.kind == LastWords::Kind::fatal_error, ran->err);
}
