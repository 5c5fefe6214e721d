// The table of lock owners inside an instrumented extension (layout.h). Called by the annotations around PyMutex and
// critical sections. Never blocks, allocates nothing, and is compiled without a sanitizer, so that it orders nothing in
// TSan's eyes.
#define _GNU_SOURCE
#include "layout.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct ftaudit_owners* owners;

static uint32_t my_tid(void) { return (uint32_t)syscall(SYS_gettid); }

static void open_table(void) {
  const char* folder = getenv("FTAUDIT_OWNERS");
  char path[4096];
  int file;
  void* mapped;
  if (folder == NULL || *folder == '\0') return;
  if (snprintf(path, sizeof path, "%s/%d.owners", folder, (int)getpid()) >= (int)sizeof path) return;
  file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  if (ftruncate(file, sizeof(struct ftaudit_owners)) == 0) {
    mapped = mmap(NULL, sizeof(struct ftaudit_owners), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) {
      owners = mapped;
      owners->magic = FTAUDIT_OWNERS_MAGIC;
    }
  }
  close(file);
}

static struct ftaudit_lock* lock_at(void* address, int kind) {
  uint64_t key = (uint64_t)(uintptr_t)address;
  unsigned slot, probes;
  if (owners == NULL) return NULL;
  slot = (unsigned)((key >> 3) * 0x9E3779B97F4A7C15ull >> 52) % FTAUDIT_LOCKS;
  for (probes = 0; probes < 64; probes++, slot = (slot + 1) % FTAUDIT_LOCKS) {
    struct ftaudit_lock* lock = &owners->locks[slot];
    uint64_t held = __atomic_load_n(&lock->address, __ATOMIC_RELAXED);
    if (held == key) return lock;
    if (held == 0 && __atomic_compare_exchange_n(&lock->address, &held, key, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      lock->kind = (uint32_t)kind;
      return lock;
    }
    if (held == key) return lock;
  }
  return NULL;  // a crowd of short-lived locks: this one goes unseen
}

__attribute__((visibility("hidden"))) void ftaudit_lock_waits(void* address, int kind) {
  struct ftaudit_lock* lock = lock_at(address, kind);
  uint32_t tid;
  int i;
  if (lock == NULL) return;  // nobody keeps a table: this costs next to nothing, so that calls can be timed
  tid = my_tid();
  for (i = 0; i < FTAUDIT_WAITERS; i++) {
    uint32_t nobody = 0;
    if (__atomic_compare_exchange_n(&lock->waiters[i], &nobody, tid, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return;
  }
}

__attribute__((visibility("hidden"))) void ftaudit_lock_taken(void* address, int kind) {
  struct ftaudit_lock* lock = lock_at(address, kind);
  uint32_t tid;
  int i;
  if (lock == NULL) return;  // nobody keeps a table: this costs next to nothing, so that calls can be timed
  tid = my_tid();
  for (i = 0; i < FTAUDIT_WAITERS; i++)
    if (__atomic_load_n(&lock->waiters[i], __ATOMIC_RELAXED) == tid)
      __atomic_store_n(&lock->waiters[i], 0, __ATOMIC_RELAXED);
  if (lock->owner == tid) {
    lock->depth++;  // a critical section inside another one on the same object
    return;
  }
  lock->depth = 1;
  __atomic_store_n(&lock->owner, tid, __ATOMIC_RELAXED);
}

__attribute__((visibility("hidden"))) void ftaudit_lock_freed(void* address, int kind) {
  struct ftaudit_lock* lock = lock_at(address, kind);
  if (lock == NULL || lock->owner != my_tid()) return;
  if (lock->depth > 1) {
    lock->depth--;
    return;
  }
  __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
}

// A child process has the parent's addresses but not its threads.
static void begin_anew_after_fork(void) {
  if (owners != NULL) munmap(owners, sizeof *owners);
  owners = NULL;
  open_table();
}

// When the module is loaded: a first lock that several threads take at once would be too late.
__attribute__((constructor)) static void begin(void) {
  open_table();
  pthread_atfork(NULL, NULL, begin_anew_after_fork);
}
