// The rendezvous inside an instrumented extension. Clang calls __sanitizer_cov_trace_pc_guard at the entry of each
// function; at a site the first thread is parked until a second one comes to a partner site or its time is up, then
// both go on together. Everything is counted in a mapped file (layout.h), so that a crash loses nothing.
//
// It must order nothing in ThreadSanitizer's eyes: compiled without a sanitizer, raw system calls while threads are
// under way, no thread-local storage, no allocation. Hidden, and linked into each module: an interpreter built with a
// sanitizer exports callbacks of the same names that would win otherwise.
#define _GNU_SOURCE
#include "layout.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

enum { SITES = 1024, SLOTS = 32 };

// Where a thread stands parked.
enum { FREE, CLAIMED, PARKED, RELEASED };
struct slot {
  uint32_t state;
  uint32_t function;  // index
  uint32_t tid;
  uint32_t lead;  // nanoseconds that the one who came later has ahead
};

static struct slot slots[SLOTS];
static uint64_t partners[SITES + 1][(SITES + 1) / 64 + 1];
static unsigned char choosy[SITES + 1];  // has partners; the others meet anybody
static uint32_t tries[SITES + 1];        // passes since the last meeting
static uint32_t parks[SITES + 1];
static uint64_t park_ns = 20 * 1000000ull;
static uint32_t park_limit = 200;

static struct ftaudit_coverage_header* coverage;
static struct ftaudit_function* functions;
static struct ftaudit_pair* pairs;

static uint32_t main_tid;
static uint32_t last_tid;       // of the latest pass through any site
static uint64_t last_other_ns;  // when the latest pass was by another thread than the one before

static uint64_t now_ns(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

// ---- passing a site ----

static void count_pair(uint32_t a, uint32_t b) {
  uint64_t key = a > b ? ((uint64_t)(a + 1) << 32 | (b + 1)) : ((uint64_t)(b + 1) << 32 | (a + 1));
  uint32_t slot = (uint32_t)(key * 0x9E3779B97F4A7C15ull >> 40) & (FTAUDIT_PAIRS - 1), probes;
  for (probes = 0; probes < 64; probes++, slot = (slot + 1) & (FTAUDIT_PAIRS - 1)) {
    uint64_t held = __atomic_load_n(&pairs[slot].key, __ATOMIC_RELAXED);
    if (held == 0 && __atomic_compare_exchange_n(&pairs[slot].key, &held, key, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      held = key;
    if (held == key) {
      __atomic_fetch_add(&pairs[slot].count, 1, __ATOMIC_RELAXED);
      return;
    }
  }
}

static int are_partners(uint32_t a, uint32_t b) {
  return !choosy[a] || !choosy[b] || (partners[a][b / 64] >> b % 64 & 1);
}

// Two accesses at the same instant are a race that ThreadSanitizer misses: each side looks at the shadow before the
// other has written it, and first touches of a page make that instant microseconds long. What crashes needs just that
// instant. So some meetings leave together, and in the others one of the two goes on a little later, in turn the one
// and the other.
static uint32_t next_lead(void) {
  static const uint32_t leads_ns[] = {20000, 0, 100000, 2000, 10000, 0, 200000, 500};
  static uint32_t meetings;
  uint32_t turn = __atomic_fetch_add(&meetings, 1, __ATOMIC_RELAXED), n = sizeof leads_ns / sizeof leads_ns[0];
  return leads_ns[turn % n] | (turn / n & 1);  // odd: the one that was parked waits
}

static void let_other_lead(uint32_t ns) {
  uint64_t until = now_ns() + ns;
  while (now_ns() < until) {}
}

// Counts everybody parked elsewhere and releases one partner; then gives it time to wake, so that both leave together.
static int meet_parked(uint32_t function, uint32_t tid) {
  int i, met = 0;
  uint32_t lead = 0;
  for (i = 0; i < SLOTS; i++) {
    struct slot* slot = &slots[i];
    uint32_t parked = PARKED;
    uint64_t until;
    if (__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) != PARKED || slot->tid == tid) continue;
    count_pair(function, slot->function);
    if (met || !are_partners(functions[function].site, functions[slot->function].site)) continue;
    lead = next_lead();
    __atomic_store_n(&slot->lead, lead & 1 ? lead : 0, __ATOMIC_RELAXED);
    if (!__atomic_compare_exchange_n(&slot->state, &parked, RELEASED, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
    met = 1;
    syscall(SYS_futex, &slot->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    until = now_ns() + 200000;
    while (__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == RELEASED && now_ns() < until) {}
  }
  if (met && !(lead & 1)) let_other_lead(lead);
  return met;
}

static int wait_for_partner(uint32_t function, uint32_t tid) {
  int i;
  for (i = 0; i < SLOTS; i++) {
    struct slot* slot = &slots[i];
    uint32_t state = FREE, lead;
    uint64_t now, until;
    if (!__atomic_compare_exchange_n(&slot->state, &state, CLAIMED, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
    slot->function = function;
    slot->tid = tid;
    __atomic_store_n(&slot->state, PARKED, __ATOMIC_RELEASE);
    until = now_ns() + park_ns;
    while (__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == PARKED && (now = now_ns()) < until) {
      struct timespec left = {(time_t)((until - now) / 1000000000ull), (long)((until - now) % 1000000000ull)};
      syscall(SYS_futex, &slot->state, FUTEX_WAIT_PRIVATE, PARKED, &left, NULL, 0);
    }
    state = PARKED;
    if (__atomic_compare_exchange_n(&slot->state, &state, FREE, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return 0;
    lead = __atomic_load_n(&slot->lead, __ATOMIC_RELAXED);
    __atomic_store_n(&slot->state, FREE, __ATOMIC_RELEASE);
    let_other_lead(lead);
    return 1;
  }
  return 0;
}

// Waiting is worth it while several threads are about; where nobody ever comes, ever more seldom. The main thread is
// the one that sets up and joins the others: it can be met by them, but does not wait for them.
static int worth_waiting(uint32_t site, uint32_t tid) {
  uint64_t now = now_ns();
  uint32_t before = __atomic_exchange_n(&last_tid, tid, __ATOMIC_RELAXED), tried;
  if (before != 0 && before != tid) __atomic_store_n(&last_other_ns, now, __ATOMIC_RELAXED);
  if (tid == main_tid) return 0;
  if (now - __atomic_load_n(&last_other_ns, __ATOMIC_RELAXED) > 2000000000ull) return 0;
  if (__atomic_load_n(&parks[site], __ATOMIC_RELAXED) >= park_limit) return 0;
  tried = __atomic_add_fetch(&tries[site], 1, __ATOMIC_RELAXED);
  return tried <= 8 || (tried & (tried - 1)) == 0;
}

HIDDEN void __sanitizer_cov_trace_pc_guard(uint32_t* guard) {
  uint32_t index = *guard, tid, site;
  struct ftaudit_function* function;
  if (index == 0 || functions == NULL) return;
  function = &functions[--index];
  site = function->site;
  if (site == 0 || site > SITES) {
    if (function->count == 0) function->count = 1;
    return;
  }
  __atomic_fetch_add(&function->count, 1, __ATOMIC_RELAXED);
  tid = (uint32_t)syscall(SYS_gettid);
  if (meet_parked(index, tid)) {
    __atomic_fetch_add(&function->met, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&tries[site], 0, __ATOMIC_RELAXED);
    __atomic_store_n(&last_tid, tid, __ATOMIC_RELAXED);
    __atomic_store_n(&last_other_ns, now_ns(), __ATOMIC_RELAXED);
    return;
  }
  if (!worth_waiting(site, tid)) return;
  __atomic_fetch_add(&parks[site], 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&function->parked, 1, __ATOMIC_RELAXED);
  if (wait_for_partner(index, tid)) {
    __atomic_fetch_add(&function->met, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&tries[site], 0, __ATOMIC_RELAXED);
  }
}

// A child of fork shares the counts; the threads parked in its parent are not there.
static void forget_after_fork(void) {
  memset(slots, 0, sizeof slots);
  main_tid = (uint32_t)getpid();
}

// ---- when the module is loaded ----

// The names of functions, out of the module's own symbol table.
struct symbols {
  const char* file;
  size_t size;
  const ElfW(Sym) * table;
  size_t count;
  const char* strings;
  size_t string_bytes;
};

static void read_symbols(const char* path, struct symbols* symbols) {
  const ElfW(Ehdr) * header;
  const ElfW(Shdr) * sections;
  struct stat status;
  int file = open(path, O_RDONLY | O_CLOEXEC), i;
  void* mapped;
  if (file < 0) return;
  mapped = fstat(file, &status) == 0 && status.st_size > (off_t)sizeof *header
               ? mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0)
               : MAP_FAILED;
  close(file);
  if (mapped == MAP_FAILED) return;
  symbols->file = mapped;
  symbols->size = (size_t)status.st_size;
  header = mapped;
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_shentsize != sizeof *sections) return;
  if (header->e_shoff == 0 || header->e_shoff + (size_t)header->e_shnum * sizeof *sections > symbols->size) return;
  sections = (const void*)(symbols->file + header->e_shoff);
  for (i = 0; i < header->e_shnum; i++) {
    const ElfW(Shdr)* section = &sections[i], *strings;
    if (section->sh_type != SHT_SYMTAB && (section->sh_type != SHT_DYNSYM || symbols->table != NULL)) continue;
    if (section->sh_link >= header->e_shnum || section->sh_offset + section->sh_size > symbols->size) continue;
    strings = &sections[section->sh_link];
    if (strings->sh_offset + strings->sh_size > symbols->size || strings->sh_size == 0) continue;
    symbols->table = (const void*)(symbols->file + section->sh_offset);
    symbols->count = section->sh_size / sizeof *symbols->table;
    symbols->strings = symbols->file + strings->sh_offset;
    symbols->string_bytes = strings->sh_size;
  }
}

struct named {
  uintptr_t address;
  const char* name;
};

static int by_address(const void* a, const void* b) {
  uintptr_t first = ((const struct named*)a)->address, second = ((const struct named*)b)->address;
  return first < second ? -1 : first > second;
}

static struct named* functions_by_address(const struct symbols* symbols, uintptr_t base, size_t* count) {
  struct named* named = malloc((symbols->count + 1) * sizeof *named);
  size_t i, n = 0;
  if (named == NULL) return NULL;
  for (i = 0; i < symbols->count; i++) {
    const ElfW(Sym)* symbol = &symbols->table[i];
    if ((symbol->st_info & 0xf) != STT_FUNC || symbol->st_value == 0 || symbol->st_name >= symbols->string_bytes)
      continue;
    named[n].address = base + symbol->st_value;
    named[n++].name = symbols->strings + symbol->st_name;
  }
  qsort(named, n, sizeof *named, by_address);
  *count = n;
  return named;
}

static const char* name_at(const struct named* named, size_t count, uintptr_t address) {
  struct named wanted = {address, NULL};
  const struct named* found = named == NULL ? NULL : bsearch(&wanted, named, count, sizeof *named, by_address);
  return found == NULL ? "" : found->name;
}

// Lines of the file of sites: "f SITE PATTERN" and "p SITE SITE".
struct pattern {
  uint32_t site;
  char text[512];
};

static struct pattern* read_sites(size_t* count) {
  const char* path = getenv("FTAUDIT_RENDEZVOUS_SITES");
  struct pattern* patterns = NULL;
  size_t room = 0, n = 0;
  char line[640];
  FILE* file = path == NULL || *path == '\0' ? NULL : fopen(path, "re");
  *count = 0;
  if (file == NULL) return NULL;
  while (fgets(line, sizeof line, file) != NULL) {
    unsigned a = 0, b = 0;
    char text[512];
    if (sscanf(line, "f %u %511s", &a, text) == 2 && a >= 1 && a <= SITES) {
      if (n == room) {
        struct pattern* larger = realloc(patterns, (room = room * 2 + 64) * sizeof *patterns);
        if (larger == NULL) break;
        patterns = larger;
      }
      patterns[n].site = a;
      strcpy(patterns[n++].text, text);
    } else if (sscanf(line, "p %u %u", &a, &b) == 2 && a >= 1 && a <= SITES && b >= 1 && b <= SITES) {
      partners[a][b / 64] |= 1ull << b % 64;
      partners[b][a / 64] |= 1ull << a % 64;
      choosy[a] = choosy[b] = 1;
    }
  }
  fclose(file);
  *count = n;
  return patterns;
}

static uint32_t site_of(const struct pattern* patterns, size_t count, const char* name) {
  size_t i;
  for (i = 0; i < count; i++)
    if (fnmatch(patterns[i].text, name, 0) == 0) return patterns[i].site;
  return 0;
}

static void* map_coverage(size_t bytes) {
  static unsigned unique;
  const char* folder = getenv("FTAUDIT_COVERAGE");
  char path[PATH_MAX];
  void* mapped = MAP_FAILED;
  int file = -1;
  if (folder != NULL && *folder != '\0') {
    do {
      if (snprintf(path, sizeof path, "%s/%d-%u.coverage", folder, (int)getpid(), unique++) >= (int)sizeof path) break;
      file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    } while (file < 0 && unique < 1000 && access(path, F_OK) == 0);
  }
  if (file >= 0 && ftruncate(file, (off_t)bytes) == 0)
    mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file >= 0) close(file);
  return mapped == MAP_FAILED ? NULL : mapped;
}

static void set_limits(void) {
  const char *milliseconds = getenv("FTAUDIT_RENDEZVOUS_MS"), *limit = getenv("FTAUDIT_RENDEZVOUS_PARKS");
  if (milliseconds != NULL && *milliseconds != '\0') park_ns = strtoull(milliseconds, NULL, 10) * 1000000ull;
  if (limit != NULL && *limit != '\0') park_limit = (uint32_t)strtoul(limit, NULL, 10);
}

static uint32_t *first_guard, *end_guard;

HIDDEN void __sanitizer_cov_trace_pc_guard_init(uint32_t* start, uint32_t* stop) {
  first_guard = start;
  end_guard = stop;
}

static void fill(const uintptr_t* pcs, uint32_t count, const struct named* named, size_t named_count) {
  size_t pattern_count;
  struct pattern* patterns = read_sites(&pattern_count);
  char* names = (char*)(pairs + FTAUDIT_PAIRS);
  uint32_t i, at = 0;
  for (i = 0; i < count; i++) {
    const char* name = name_at(named, named_count, pcs[2 * i]);
    functions[i].name = at;
    functions[i].site = *name == '\0' ? 0 : site_of(patterns, pattern_count, name);
    strcpy(names + at, name);
    at += (uint32_t)strlen(name) + 1;
  }
  free(patterns);
  coverage->complete = 1;
  for (i = 0; i < count; i++) first_guard[i] = i + 1;
}

// Each function entry is two words: address and flags. In the order of the guards.
HIDDEN void __sanitizer_cov_pcs_init(const uintptr_t* start, const uintptr_t* stop) {
  uint32_t count = (uint32_t)((stop - start) / 2), i;
  struct symbols symbols = {0};
  struct named* named = NULL;
  size_t named_count = 0, name_bytes = 0, bytes;
  Dl_info module;
  if (coverage != NULL || getenv("FTAUDIT_COVERAGE") == NULL) return;
  if (first_guard == NULL || count == 0 || (size_t)(end_guard - first_guard) != count) return;
  if (dladdr((void*)start, &module) != 0 && module.dli_fname != NULL) {
    read_symbols(module.dli_fname, &symbols);
    if (symbols.table != NULL) named = functions_by_address(&symbols, (uintptr_t)module.dli_fbase, &named_count);
  }
  for (i = 0; i < count; i++) name_bytes += strlen(name_at(named, named_count, start[2 * i])) + 1;
  bytes = sizeof *coverage + count * sizeof *functions + FTAUDIT_PAIRS * sizeof *pairs + name_bytes;
  coverage = map_coverage(bytes);
  if (coverage != NULL) {
    coverage->magic = FTAUDIT_COVERAGE_MAGIC;
    coverage->functions = count;
    coverage->pairs = FTAUDIT_PAIRS;
    coverage->name_bytes = (uint32_t)name_bytes;
    functions = (struct ftaudit_function*)(coverage + 1);
    pairs = (struct ftaudit_pair*)(functions + count);
    main_tid = (uint32_t)getpid();
    set_limits();
    fill(start, count, named, named_count);
    pthread_atfork(NULL, NULL, forget_after_fork);
  }
  free(named);
  if (symbols.file != NULL) munmap((void*)symbols.file, symbols.size);
}
