// Lingering inside an instrumented extension: at the calls that lingering.h puts in, a thread stops for a moment
// between getting a reference and counting it, in the functions that findings name. That moment is where another thread
// can free the object, and it is a few nanoseconds long otherwise.
//
// It must order nothing in ThreadSanitizer's eyes: compiled without a sanitizer, raw system calls, no thread-local
// storage, no allocation. Hidden, and linked into each module.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

enum { NAMES = 2048, NAME = 128, KNOWN = 4096, FIRST = 8, ALWAYS = 256, SELDOM = 16 };

static char names[NAMES][NAME];
static uint32_t name_count;
static uint32_t passes[NAMES];
static uint64_t
    known[KNOWN];  // address of a __func__, and in its low 16 bits 1 + the number of the name; 0 there: none of ours

static uint32_t last_tid;
static uint64_t last_other_ns;  // when the latest pass was by another thread than the one before

// `*` stands for anything.
static int is_called(const char* pattern, const char* name) {
  for (; *pattern != '\0'; pattern++, name++) {
    if (*pattern == '*') {
      for (pattern++; !is_called(pattern, name); name++)
        if (*name == '\0') return 0;
      return 1;
    }
    if (*pattern != *name) return 0;
  }
  return *name == '\0';
}

static uint32_t number_of(const char* function) {
  uint64_t key = (uint64_t)(uintptr_t)function << 16, held;
  uint32_t slot = (uint32_t)(key * 0x9E3779B97F4A7C15ull >> 40) % KNOWN, probes, number = 0;
  for (probes = 0; probes < 64; probes++, slot = (slot + 1) % KNOWN) {
    held = __atomic_load_n(&known[slot], __ATOMIC_RELAXED);
    if (held >> 16 == key >> 16) return (uint32_t)(held & 0xffff);
    if (held == 0) break;
  }
  while (number < name_count && !is_called(names[number], function)) number++;
  number = number < name_count ? number + 1 : 0;
  if (probes < 64)
    __atomic_store_n(&known[slot], key | number, __ATOMIC_RELAXED);  // whose store is lost looks it up again
  return number;
}

// Stopping is worth it while another thread is about, and a few times before one can be.
static int has_company(void) {
  uint32_t tid = (uint32_t)syscall(SYS_gettid), before = __atomic_exchange_n(&last_tid, tid, __ATOMIC_RELAXED);
  struct timespec now;
  uint64_t now_ns;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  now_ns = (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
  if (before != 0 && before != tid) __atomic_store_n(&last_other_ns, now_ns, __ATOMIC_RELAXED);
  return now_ns - __atomic_load_n(&last_other_ns, __ATOMIC_RELAXED) < 1000000000ull;
}

HIDDEN void ftaudit_linger(const char* function) {
  static const uint32_t pauses_us[] = {50, 0, 200, 0, 20, 0, 1000, 0};
  uint32_t number, pass;
  struct timespec pause = {0, 0};
  if (name_count == 0 || (number = number_of(function)) == 0) return;
  pass = __atomic_fetch_add(&passes[number - 1], 1, __ATOMIC_RELAXED);
  if (!has_company() && pass >= FIRST) return;
  if (pass >= ALWAYS) {
    if (pass % SELDOM != 0) return;
    pass /= SELDOM;
  }
  pause.tv_nsec = 1000l * pauses_us[pass % (sizeof pauses_us / sizeof pauses_us[0])];
  if (pause.tv_nsec != 0) syscall(SYS_nanosleep, &pause, NULL);
}

// Lines "l NAME" of the file of sites.
__attribute__((constructor)) static void read_names(void) {
  const char* path = getenv("FTAUDIT_RENDEZVOUS_SITES");
  FILE* file = path == NULL || *path == '\0' ? NULL : fopen(path, "re");
  char line[640];
  uint32_t count = 0;
  if (file == NULL) return;
  while (count < NAMES && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "l %127s", names[count]) == 1) count++;
  fclose(file);
  name_count = count;
}
