/* The native stack of a thread that crashes, on stderr: linked into every module that ftaudit builds to be watched, and
   at work only where FTAUDIT_CRASH_STACK is set. faulthandler knows Python's frames alone, and a debugger is not always
   there. The handler that was installed before, faulthandler's mostly, gets the signal afterwards. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { count = sizeof signals / sizeof signals[0], most_frames = 64 };
static struct sigaction before[count];

/* All of it goes out in one write, or other threads' words would fall between the lines. */
static char told[most_frames * 256];
static size_t length;

static void put(const char* text) {
  for (; *text && length < sizeof told; text++) told[length++] = *text;
}

static void put_number(uint64_t value, unsigned base) {
  char digits[24], *at = digits + sizeof digits;
  *--at = 0;
  do *--at = "0123456789abcdef"[value % base];
  while ((value /= base) != 0);
  put(at);
}

/* Where the thread was when the signal came; NULL where that is not known. */
static void* crashed_at(void* context) {
#if defined(__x86_64__)
  return (void*)((ucontext_t*)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (void*)((ucontext_t*)context)->uc_mcontext.pc;
#else
  (void)context;
  return NULL;
#endif
}

static void tell(void* context) {
  void *frames[most_frames], *at = crashed_at(context);
  int n = backtrace(frames, most_frames), first = 0;
  /* This handler, and what called it, are no part of the story. */
  while (first < n && frames[first] != at) first++;
  if (first == n) first = 0;
  put("ftaudit: stack of the crashing thread of process ");
  put_number((uint64_t)getpid(), 10);
  put(":\n");
  for (int i = first; i < n; i++) {
    Dl_info where;
    if (!dladdr(frames[i], &where) || !where.dli_fname) continue;
    put("  Binary file \"");
    put(where.dli_fname);
    put("\", at +0x");
    put_number((uint64_t)frames[i] - (uint64_t)where.dli_fbase, 16);
    put("\n");
  }
  ssize_t written = write(2, told, length);
  (void)written;
}

static void crashed(int number, siginfo_t* info, void* context) {
  /* What one thread broke, others trip over at once; the first one's stack is the one to tell. */
  static atomic_flag taken = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&taken))
    for (;;) pause();
  tell(context);
  /* Not before: the older handler ends the process, and would for a thread that crashes while this one still tells. */
  for (int i = 0; i < count; i++)
    if (signals[i] == number) sigaction(number, &before[i], NULL);
  /* A fault happens again on return, and is the older handler's then; what was sent has to be sent anew. */
  if (info == NULL || info->si_code <= 0 || number == SIGABRT) raise(number);
}

__attribute__((constructor)) static void install(void) {
  const char* wanted = getenv("FTAUDIT_CRASH_STACK");
  /* One module of a process is enough: the first leaves its process's number there for the others. */
  char self[24];
  snprintf(self, sizeof self, "%ld", (long)getpid());
  if (wanted == NULL || strcmp(wanted, self) == 0) return;
  setenv("FTAUDIT_CRASH_STACK", self, 1);
  void* first[2];
  backtrace(first, 2); /* loads the unwinder now: there is no allocating in a crash */
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = crashed;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int i = 0; i < count; i++) sigaction(signals[i], &action, &before[i]);
}
