// OnceAnnotations: read right after CPython's internal/pycore_lock.h. A stock interpreter sets once flags and events
// where TSan does not look; here their order is told. Empty where the interpreter itself is sanitized.
#pragma once

#if defined(FTAUDIT_LIGHT) && defined(FTAUDIT_THREAD_SANITIZER)

struct ftaudit_once {
  _PyOnceFlag* flag;
  _Py_once_fn_t* run;
  void* argument;
};

static inline int ftaudit_run_once(void* pointer) {
  struct ftaudit_once* once = (struct ftaudit_once*)pointer;
  int result = once->run(once->argument);
  __tsan_release(once->flag);
  return result;
}

static inline int ftaudit_call_once(_PyOnceFlag* flag, _Py_once_fn_t* run, void* argument) {
  struct ftaudit_once once = {flag, run, argument};
  int result = _PyOnceFlag_CallOnce(flag, ftaudit_run_once, &once);
  __tsan_acquire(flag);
  return result;
}

static inline void ftaudit_event_notify(PyEvent* event) {
  __tsan_release(event);
  _PyEvent_Notify(event);
}

static inline void ftaudit_event_wait(PyEvent* event) {
  PyEvent_Wait(event);
  __tsan_acquire(event);
}

#define _PyOnceFlag_CallOnce ftaudit_call_once
#define _PyEvent_Notify ftaudit_event_notify
#define PyEvent_Wait ftaudit_event_wait

#endif
