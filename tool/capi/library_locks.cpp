// Data. Locks of libraries that extensions bring along: SQLite, SDL, GLib, libuv, OpenMP, Windows, and the C++ ones of
// Abseil, Boost, Qt and oneTBB, by the manuals of each. What waits for them stays attached.
#include <deque>
#include <string>

#include "capi/tables.h"

namespace ftaudit::capi {

using enum LockCall::Does;
using enum LockCall::Kind;
using enum LockCall::Taken;

namespace {

// Rows whose names are put together: a mutex class has the same members in every library that copies std's.
class Rows {
 public:
  explicit Rows(std::vector<LockCall> start) : rows_(std::move(start)) {}

  // The members of a mutex class, its object the lock.
  Rows& mutex(std::string_view type, bool readers) {
    member(type, "lock", acquire, false), member(type, "try_lock", try_acquire, false);
    member(type, "unlock", release, false);
    if (!readers) return *this;
    member(type, "lock_shared", acquire, true), member(type, "try_lock_shared", try_acquire, true);
    return member(type, "unlock_shared", release, true);
  }
  // A class that locks the mutex it is made with until it goes.
  Rows& guard(std::string_view type, bool shared) {
    const std::string name(type.substr(type.rfind(':') + 1)), scope = std::string(type) + "::";
    rows_.push_back({keep(scope + name), acquire, native, 1, -1, 0, shared, false});
    rows_.push_back({keep(scope + "~" + name), release, native, -1, -1, 0, shared, false});
    return *this;
  }
  // ... and whose members let go and take again before that.
  Rows& guard_member(std::string_view type, std::string_view member_name, LockCall::Does does, bool shared) {
    rows_.push_back({keep(std::string(type) + "::" + std::string(member_name)), does, native, -1, -1, 0, shared,
                     does == try_acquire});
    return *this;
  }
  Rows& member(std::string_view type, std::string_view name, LockCall::Does does, bool shared) {
    rows_.push_back(
        {keep(std::string(type) + "::" + std::string(name)), does, native, 0, -1, -1, shared, does == try_acquire});
    return *this;
  }
  // oneTBB's: made empty, they are given their mutex later.
  Rows& scoped_lock(std::string type) {
    guard(type, false).guard_member(type, "release", release, false);
    rows_.push_back({keep(type + "::acquire"), acquire, native, 1, -1, 0, false, false});
    rows_.push_back({keep(type + "::try_acquire"), try_acquire, native, 1, -1, 0, false, true});
    return *this;
  }
  std::vector<LockCall> take() { return std::move(rows_); }

 private:
  static std::string_view keep(std::string name) {
    static std::deque<std::string> names;
    return names.emplace_back(std::move(name));
  }
  std::vector<LockCall> rows_;
};

std::vector<LockCall> made() {
  Rows rows({
      {"sqlite3_mutex_enter", acquire, native, 0, -1, -1, false, false},
      {"sqlite3_mutex_try", try_acquire, native, 0, -1, -1, false, true, zero},
      {"sqlite3_mutex_leave", release, native, 0, -1, -1, false, false},
      {"SDL_LockMutex", acquire, native, 0, -1, -1, false, false, zero},
      {"SDL_TryLockMutex", try_acquire, native, 0, -1, -1, false, true, zero},
      {"SDL_UnlockMutex", release, native, 0, -1, -1, false, false},
      {"SDL_LockRWLockForReading", acquire, native, 0, -1, -1, true, false, zero},
      {"SDL_LockRWLockForWriting", acquire, native, 0, -1, -1, false, false, zero},
      {"SDL_TryLockRWLockForReading", try_acquire, native, 0, -1, -1, true, true, zero},
      {"SDL_TryLockRWLockForWriting", try_acquire, native, 0, -1, -1, false, true, zero},
      {"SDL_UnlockRWLock", release, native, 0, -1, -1, false, false},
      {"SDL_LockSpinlock", acquire, native, 0, -1, -1, false, false},
      {"SDL_TryLockSpinlock", try_acquire, native, 0, -1, -1, false, true},
      {"SDL_UnlockSpinlock", release, native, 0, -1, -1, false, false},
      {"SDL_AtomicLock", acquire, native, 0, -1, -1, false, false},
      {"SDL_AtomicTryLock", try_acquire, native, 0, -1, -1, false, true},
      {"SDL_AtomicUnlock", release, native, 0, -1, -1, false, false},
      {"g_mutex_lock", acquire, native, 0, -1, -1, false, false},
      {"g_mutex_trylock", try_acquire, native, 0, -1, -1, false, true},
      {"g_mutex_unlock", release, native, 0, -1, -1, false, false},
      {"g_rec_mutex_lock", acquire, native, 0, -1, -1, false, false},
      {"g_rec_mutex_trylock", try_acquire, native, 0, -1, -1, false, true},
      {"g_rec_mutex_unlock", release, native, 0, -1, -1, false, false},
      {"g_rw_lock_reader_lock", acquire, native, 0, -1, -1, true, false},
      {"g_rw_lock_reader_trylock", try_acquire, native, 0, -1, -1, true, true},
      {"g_rw_lock_reader_unlock", release, native, 0, -1, -1, true, false},
      {"g_rw_lock_writer_lock", acquire, native, 0, -1, -1, false, false},
      {"g_rw_lock_writer_trylock", try_acquire, native, 0, -1, -1, false, true},
      {"g_rw_lock_writer_unlock", release, native, 0, -1, -1, false, false},
      {"g_mutex_locker_new", acquire, native, 0, -1, -1, false, false},
      {"g_mutex_locker_free", release, native, -1, -1, -1, false, false},
      {"glib_autoptr_cleanup_GMutexLocker", release, native, -1, -1, -1, false, false},
      {"g_rw_lock_reader_locker_new", acquire, native, 0, -1, -1, true, false},
      {"g_rw_lock_reader_locker_free", release, native, -1, -1, -1, true, false},
      {"glib_autoptr_cleanup_GRWLockReaderLocker", release, native, -1, -1, -1, true, false},
      {"g_rw_lock_writer_locker_new", acquire, native, 0, -1, -1, false, false},
      {"g_rw_lock_writer_locker_free", release, native, -1, -1, -1, false, false},
      {"glib_autoptr_cleanup_GRWLockWriterLocker", release, native, -1, -1, -1, false, false},
      {"uv_mutex_lock", acquire, native, 0, -1, -1, false, false},
      {"uv_mutex_trylock", try_acquire, native, 0, -1, -1, false, true, zero},
      {"uv_mutex_unlock", release, native, 0, -1, -1, false, false},
      {"uv_rwlock_rdlock", acquire, native, 0, -1, -1, true, false},
      {"uv_rwlock_tryrdlock", try_acquire, native, 0, -1, -1, true, true, zero},
      {"uv_rwlock_rdunlock", release, native, 0, -1, -1, true, false},
      {"uv_rwlock_wrlock", acquire, native, 0, -1, -1, false, false},
      {"uv_rwlock_trywrlock", try_acquire, native, 0, -1, -1, false, true, zero},
      {"uv_rwlock_wrunlock", release, native, 0, -1, -1, false, false},
      {"omp_set_lock", acquire, native, 0, -1, -1, false, false},
      {"omp_test_lock", try_acquire, native, 0, -1, -1, false, true},
      {"omp_unset_lock", release, native, 0, -1, -1, false, false},
      {"omp_set_nest_lock", acquire, native, 0, -1, -1, false, false},
      {"omp_test_nest_lock", try_acquire, native, 0, -1, -1, false, true},
      {"omp_unset_nest_lock", release, native, 0, -1, -1, false, false},
      {"EnterCriticalSection", acquire, native, 0, -1, -1, false, false},
      {"TryEnterCriticalSection", try_acquire, native, 0, -1, -1, false, true},
      {"LeaveCriticalSection", release, native, 0, -1, -1, false, false},
      {"AcquireSRWLockExclusive", acquire, native, 0, -1, -1, false, false},
      {"TryAcquireSRWLockExclusive", try_acquire, native, 0, -1, -1, false, true},
      {"ReleaseSRWLockExclusive", release, native, 0, -1, -1, false, false},
      {"AcquireSRWLockShared", acquire, native, 0, -1, -1, true, false},
      {"TryAcquireSRWLockShared", try_acquire, native, 0, -1, -1, true, true},
      {"ReleaseSRWLockShared", release, native, 0, -1, -1, true, false},
  });
  const std::string_view absl = "absl::Mutex";
  for (std::string_view name : {"Lock", "WriterLock", "lock"}) rows.member(absl, name, acquire, false);
  for (std::string_view name : {"Unlock", "WriterUnlock", "unlock"}) rows.member(absl, name, release, false);
  for (std::string_view name : {"TryLock", "WriterTryLock", "try_lock"}) rows.member(absl, name, try_acquire, false);
  for (std::string_view name : {"ReaderLock", "lock_shared"}) rows.member(absl, name, acquire, true);
  for (std::string_view name : {"ReaderUnlock", "unlock_shared"}) rows.member(absl, name, release, true);
  for (std::string_view name : {"ReaderTryLock", "try_lock_shared"}) rows.member(absl, name, try_acquire, true);
  rows.guard("absl::MutexLock", false).guard("absl::WriterMutexLock", false).guard("absl::ReaderMutexLock", true);
  rows.guard("absl::MutexLockMaybe", false).guard("absl::ReleasableMutexLock", false);
  rows.guard_member("absl::ReleasableMutexLock", "Release", release, false);

  rows.mutex("boost::mutex", false).mutex("boost::timed_mutex", false).mutex("boost::shared_mutex", true);
  rows.mutex("boost::recursive_mutex", false).mutex("boost::recursive_timed_mutex", false);
  rows.guard("boost::lock_guard", false).guard("boost::unique_lock", false).guard("boost::shared_lock", true);
  for (std::string_view type : {"boost::unique_lock", "boost::shared_lock"}) {
    const bool shared = type == "boost::shared_lock";
    rows.guard_member(type, "lock", acquire, shared).guard_member(type, "unlock", release, shared);
    rows.guard_member(type, "try_lock", try_acquire, shared);
  }

  for (std::string_view type : {"QBasicMutex", "QMutex", "QRecursiveMutex"}) {
    rows.mutex(type, false).member(type, "tryLock", try_acquire, false);
    rows.member(type, "try_lock_for", try_acquire, false);
  }
  rows.guard("QMutexLocker", false).guard("QWriteLocker", false).guard("QReadLocker", true);
  for (std::string_view type : {"QMutexLocker", "QWriteLocker", "QReadLocker"}) {
    const bool shared = type == "QReadLocker";
    rows.guard_member(type, "relock", acquire, shared).guard_member(type, "unlock", release, shared);
  }
  rows.member("QReadWriteLock", "lockForRead", acquire, true).member("QReadWriteLock", "lockForWrite", acquire, false);
  rows.member("QReadWriteLock", "tryLockForRead", try_acquire, true);
  rows.member("QReadWriteLock", "tryLockForWrite", try_acquire, false)
      .member("QReadWriteLock", "unlock", release, false);

  for (const std::string scope : {"tbb::", "tbb::detail::d1::"}) {
    for (std::string_view type : {"mutex", "spin_mutex", "queuing_mutex", "recursive_mutex", "null_mutex"})
      rows.mutex(scope + std::string(type), false).scoped_lock(scope + std::string(type) + "::scoped_lock");
    for (std::string_view type : {"rw_mutex", "spin_rw_mutex", "queuing_rw_mutex"})
      rows.mutex(scope + std::string(type), true).scoped_lock(scope + std::string(type) + "::scoped_lock");
    rows.scoped_lock(scope + "unique_scoped_lock").scoped_lock(scope + "rw_scoped_lock");
  }
  return rows.take();
}

}  // namespace

const std::vector<LockCall> library_lock_table = made();

}  // namespace ftaudit::capi
