// Guards let go where their scope ends, whatever way it ends.
#include <mutex>

struct Cache { std::mutex lock; int hits; };
std::mutex global_lock;

int early(Cache &cache, int n)
{
    std::lock_guard<std::mutex> guard(cache.lock);
    if (n == 0) return cache.hits;
    {
        std::unique_lock inner(global_lock);
        cache.hits++;
        inner.unlock();
        cache.hits--;
    }
    return n;
}
void both(Cache *a, Cache *b) { std::scoped_lock guard(a->lock, b->lock); a->hits = b->hits; }
void by_hand(Cache &cache) { cache.lock.lock(); cache.hits = 0; cache.lock.unlock(); }
class Own { public: explicit Own(Cache &cache) : cache_(cache) { cache_.lock.lock(); } ~Own() { cache_.lock.unlock(); } private: Cache &cache_; };
int own(Cache &cache) { Own guard(cache); return cache.hits; }
void in_loop(Cache &cache) { for (int i = 0; i < 3; ++i) { std::lock_guard guard(cache.lock); if (i == 1) continue; cache.hits = i; } }
