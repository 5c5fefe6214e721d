// Annotations: read right after CPython's Python.h by every file of an instrumented extension. Makes PyMutex and
// critical sections visible to ThreadSanitizer (which takes them for single atomic bytes) and keeps the table of lock
// owners. C and C++, CPython 3.13 and newer; says nothing under the limited API or with the GIL, where there is nothing
// to wrap.
#pragma once

#if !defined(Py_LIMITED_API) && defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030d0000

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FTAUDIT_THREAD_SANITIZER 1
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif
// In the runtime object. Weak: a program that a configure script links on its own goes without.
__attribute__((weak, visibility("hidden"))) void ftaudit_lock_waits(void* address, int kind);
__attribute__((weak, visibility("hidden"))) void ftaudit_lock_taken(void* address, int kind);
__attribute__((weak, visibility("hidden"))) void ftaudit_lock_freed(void* address, int kind);
#ifdef FTAUDIT_THREAD_SANITIZER
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void __tsan_mutex_pre_lock(void* address, unsigned flags);
void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* address, unsigned flags);
void __tsan_mutex_post_unlock(void* address, unsigned flags);
void __tsan_mutex_pre_divert(void* address, unsigned flags);
void __tsan_mutex_post_divert(void* address, unsigned flags);
#endif
#ifdef __cplusplus
}
#endif

enum { ftaudit_kind_mutex = 0, ftaudit_kind_section = 1 };

static inline void ftaudit_waits(void* lock, int kind) {
  if (lock && ftaudit_lock_waits) ftaudit_lock_waits(lock, kind);
}
static inline void ftaudit_taken(void* lock, int kind) {
  if (lock && ftaudit_lock_taken) ftaudit_lock_taken(lock, kind);
}
static inline void ftaudit_freed(void* lock, int kind) {
  if (lock && ftaudit_lock_freed) ftaudit_lock_freed(lock, kind);
}

// A PyMutex is a mutex in TSan's eyes. Between `pre` and `post` TSan would not look; diverting lets it see what the
// interpreter does while the thread is blocked (detach, wait for a collection, attach).
static inline void ftaudit_mutex_lock(PyMutex* mutex) {
  ftaudit_waits(mutex, ftaudit_kind_mutex);
#ifdef FTAUDIT_THREAD_SANITIZER
  __tsan_mutex_pre_lock(mutex, 1);  // 1: __tsan_mutex_linker_init, zeroed memory is an unlocked mutex
  __tsan_mutex_pre_divert(mutex, 0);
#endif
  PyMutex_Lock(mutex);
#ifdef FTAUDIT_THREAD_SANITIZER
  __tsan_mutex_post_divert(mutex, 0);
  __tsan_mutex_post_lock(mutex, 1, 0);
#endif
  ftaudit_taken(mutex, ftaudit_kind_mutex);
}

static inline void ftaudit_mutex_unlock(PyMutex* mutex) {
  ftaudit_freed(mutex, ftaudit_kind_mutex);
#ifdef FTAUDIT_THREAD_SANITIZER
  __tsan_mutex_pre_unlock(mutex, 0);
  __tsan_mutex_pre_divert(mutex, 0);
#endif
  PyMutex_Unlock(mutex);
#ifdef FTAUDIT_THREAD_SANITIZER
  __tsan_mutex_post_divert(mutex, 0);
  __tsan_mutex_post_unlock(mutex, 0);
#endif
}

#undef PyMutex_Lock
#undef PyMutex_Unlock
#define PyMutex_Lock ftaudit_mutex_lock
#define PyMutex_Unlock ftaudit_mutex_unlock

// Critical sections can be suspended, so they are no mutexes. A sanitized interpreter tells TSan itself when one is
// entered, suspended and left; a stock one does not, and then entering and leaving stand for it.
static inline void ftaudit_section_waits(void* lock) { ftaudit_waits(lock, ftaudit_kind_section); }
static inline void ftaudit_section_taken(void* lock) {
  ftaudit_taken(lock, ftaudit_kind_section);
#if defined(FTAUDIT_THREAD_SANITIZER) && defined(FTAUDIT_LIGHT)
  if (lock) __tsan_acquire(lock);
#endif
}
static inline void ftaudit_section_freed(void* lock) {
#if defined(FTAUDIT_THREAD_SANITIZER) && defined(FTAUDIT_LIGHT)
  if (lock) __tsan_release(lock);
#endif
  ftaudit_freed(lock, ftaudit_kind_section);
}

static inline void ftaudit_section_begin(PyCriticalSection* section, PyObject* object) {
  ftaudit_section_waits(&object->ob_mutex);
  PyCriticalSection_Begin(section, object);
  ftaudit_section_taken(section->_cs_mutex);
}

static inline void ftaudit_section_end(PyCriticalSection* section) {
  ftaudit_section_freed(section->_cs_mutex);
  PyCriticalSection_End(section);
}

static inline void ftaudit_section2_begin(PyCriticalSection2* section, PyObject* a, PyObject* b) {
  ftaudit_section_waits(&a->ob_mutex);
  ftaudit_section_waits(&b->ob_mutex);
  PyCriticalSection2_Begin(section, a, b);
  ftaudit_section_taken(section->_cs_base._cs_mutex);
  ftaudit_section_taken(section->_cs_mutex2);
}

static inline void ftaudit_section2_end(PyCriticalSection2* section) {
  ftaudit_section_freed(section->_cs_base._cs_mutex);
  ftaudit_section_freed(section->_cs_mutex2);
  PyCriticalSection2_End(section);
}

#define PyCriticalSection_Begin ftaudit_section_begin
#define PyCriticalSection_End ftaudit_section_end
#define PyCriticalSection2_Begin ftaudit_section2_begin
#define PyCriticalSection2_End ftaudit_section2_end

#if PY_VERSION_HEX >= 0x030e0000
static inline void ftaudit_section_begin_mutex(PyCriticalSection* section, PyMutex* mutex) {
  ftaudit_section_waits(mutex);
  PyCriticalSection_BeginMutex(section, mutex);
  ftaudit_section_taken(section->_cs_mutex);
}

static inline void ftaudit_section2_begin_mutex(PyCriticalSection2* section, PyMutex* a, PyMutex* b) {
  ftaudit_section_waits(a);
  ftaudit_section_waits(b);
  PyCriticalSection2_BeginMutex(section, a, b);
  ftaudit_section_taken(section->_cs_base._cs_mutex);
  ftaudit_section_taken(section->_cs_mutex2);
}

#define PyCriticalSection_BeginMutex ftaudit_section_begin_mutex
#define PyCriticalSection2_BeginMutex ftaudit_section2_begin_mutex
#endif

#endif
