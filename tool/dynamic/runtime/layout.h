// Layout: the files that the runtime inside an instrumented extension maps and ftaudit reads: coverage (one a process
// and module) and the table of lock owners (one a process). Plain C for the runtime, plain structs for the readers; all
// numbers are the machine's own. A reader believes nothing of what stands here.
#pragma once

#include <stdint.h>

#define FTAUDIT_COVERAGE_MAGIC 0x31766f4375615446ull  // "FTauCov1"
#define FTAUDIT_OWNERS_MAGIC 0x316e774f75615446ull    // "FTauOwn1"

// header, functions[functions], pairs[pairs], names[name_bytes]
struct ftaudit_coverage_header {
  uint64_t magic;
  uint32_t functions;
  uint32_t pairs;       // slots of a hash table; a power of two
  uint32_t name_bytes;  // mangled names, each ended by 0
  uint32_t complete;    // 1 once the functions and names are written
};

struct ftaudit_function {
  uint64_t count, parked, met;
  uint32_t name;  // offset into names
  uint32_t site;  // from 1; 0: no rendezvous here
};

// key: (higher function index + 1) << 32 | (lower + 1); 0: free
struct ftaudit_pair {
  uint64_t key, count;
};

enum { FTAUDIT_PAIRS = 1 << 14, FTAUDIT_LOCKS = 4096, FTAUDIT_WAITERS = 11 };

enum { FTAUDIT_MUTEX = 0, FTAUDIT_CRITICAL_SECTION = 1 };

// An entry keeps its address for the life of the process.
struct ftaudit_lock {
  uint64_t address;
  uint32_t kind, owner, depth;
  uint32_t waiters[FTAUDIT_WAITERS];  // thread ids; 0: nobody
};

struct ftaudit_owners {
  uint64_t magic;
  struct ftaudit_lock locks[FTAUDIT_LOCKS];  // hashed by address, linear probing
};
