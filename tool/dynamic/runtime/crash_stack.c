/* The native stack of a thread that crashes, on stderr: linked into every module that ftaudit builds to be watched, and at work only
   where FTAUDIT_CRASH_STACK is set. faulthandler knows Python's frames alone, and a debugger is not always there. The handler that was
   installed before, faulthandler's mostly, gets the signal afterwards. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { count = sizeof signals / sizeof signals[0], most_frames = 64 };
static struct sigaction before[count];

static void put(const char *text)
{
    ssize_t told = write(2, text, strlen(text));
    (void)told;
}

static void put_number(uint64_t value, unsigned base)
{
    char digits[24], *at = digits + sizeof digits;
    *--at = 0;
    do *--at = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    put(at);
}

static void tell(void)
{
    void *frames[most_frames];
    const int n = backtrace(frames, most_frames);
    put("ftaudit: stack of the crashing thread of process ");
    put_number((uint64_t)getpid(), 10);
    put(":\n");
    for (int i = 0; i < n; i++) {
        Dl_info where;
        if (!dladdr(frames[i], &where) || !where.dli_fname) continue;
        put("  Binary file \"");
        put(where.dli_fname);
        put("\", at +0x");
        put_number((uint64_t)frames[i] - (uint64_t)where.dli_fbase, 16);
        put("\n");
    }
}

static void crashed(int number, siginfo_t *info, void *context)
{
    (void)context;
    for (int i = 0; i < count; i++)
        if (signals[i] == number) sigaction(number, &before[i], NULL);
    tell();
    /* A fault happens again on return, and is the older handler's then; what was sent has to be sent anew. */
    if (info == NULL || info->si_code <= 0 || number == SIGABRT) raise(number);
}

__attribute__((constructor)) static void install(void)
{
    if (getenv("FTAUDIT_CRASH_STACK") == NULL) return;
    void *first[2];
    backtrace(first, 2); /* loads the unwinder now: there is no allocating in a crash */
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int i = 0; i < count; i++) sigaction(signals[i], &action, &before[i]);
}
