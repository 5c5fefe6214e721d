// Nested: a reader's lock taken again by the thread that has it, here or in what is called. Mutexes for one thread at a
// time are another matter (balance.h): those stop at once, and always. A reader's lock stops only when a writer has
// come in between: it waits for the first reader, and the second waits for it.
// Source: ISO C++20, [thread.sharedmutex.requirements] (the calling thread must not own it); POSIX,
// pthread_rwlock_rdlock.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct Nested {
  EventId at = none;  // the lock call, or the call that leads to it
  Lock held;
  Site again;  // the lock call
  // POSIX leaves it open whether readers wait for a writer; the others forbid it outright.
  bool forbidden = true;
};

std::vector<Nested> nested_readers(const Audit& audit, FunctionId id);

}  // namespace ftaudit::analysis
