// Memory orders and what ends up in an atomic.
#include <atomic>
struct State { std::atomic<int> n; std::atomic<void *> p; std::atomic_flag busy; int bare; };
bool orders(State *s, void *made)
{
    s->n.store(1, std::memory_order_release);
    int expected = s->n.load(std::memory_order_acquire);
    s->n.compare_exchange_strong(expected, 2, std::memory_order_acq_rel, std::memory_order_relaxed);
    while (!s->n.compare_exchange_weak(expected, 3)) {}
    void *none = nullptr;
    s->p.compare_exchange_strong(none, made);
    s->n.fetch_add(4, std::memory_order::relaxed);
    std::atomic_store_explicit(&s->n, 5, std::memory_order_relaxed);
    s->p.exchange(made, std::memory_order_acquire);
    s->busy.clear(std::memory_order_release);
    int old, fresh = 6;
    __atomic_load(&s->bare, &old, __ATOMIC_ACQUIRE);
    __atomic_store(&s->bare, &fresh, __ATOMIC_RELEASE);
    __atomic_compare_exchange(&s->bare, &old, &fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    __atomic_compare_exchange_n(&s->bare, &old, 7, true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    return __sync_bool_compare_and_swap(&s->bare, 8, 9);
}
