// Range-for, structured bindings, exceptions, constexpr, references.
#include <atomic>
#include <utility>

struct Pair { int a; int b; };
Pair pairs[3];
int may_throw(int);
std::atomic<int> hits{0};
std::atomic_flag busy;

int ranges() { int sum = 0; for (const Pair &p : pairs) sum += p.a; for (int i : {1, 2, 3}) sum += i; return sum; }
int bindings(Pair p) { auto [x, y] = p; auto &[rx, ry] = pairs[1]; rx = x; return y + ry; }
int exceptions(int n)
{
    try { may_throw(n); if (n == 2) throw n; } catch (int &e) { return e; } catch (...) { throw; }
    return 0;
}
int atomics() { hits++; hits.store(2, std::memory_order_release); hits += 3; hits = 4; busy.test_and_set(); return hits.load() + hits; }
constexpr int square(int n) { if constexpr (sizeof(int) == 4) return n * n; else return 0; }
int init_if(int n) { if (int m = may_throw(n); m > 3) return m; switch (int k = n; k) { case 1: return k; } return square(3); }
int &reference(int &&moved, int *p) { int &r = *p; r = std::move(moved); return r; }
extern "C" { int c_name(int n) { return n; } }
inline namespace v2 { int versioned() { return 1; } }
enum class Colour { red, green }; Colour flip(Colour c) { return c == Colour::red ? Colour::green : Colour::red; }
void cleanup(int);
int caught(int n) { try { may_throw(n); } catch (...) { cleanup(n); return -1; } return 0; }
int *pick(int *a, int *b, int n) { int *r = n ? a : b; return r; }
void through_reference(Pair *p) { auto &a = p->a; a++; }
void on_paths(Pair *p, Pair *q, int n) { (n ? p : q)->a = 1; (n ? *p : *q).b = 2; }
