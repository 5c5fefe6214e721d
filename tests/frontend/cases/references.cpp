// What is written through a reference is written where it leads.
#include <vector>
struct Inner { int n; void set(int value) { n = value; } };
struct Self { int count; Inner inner; std::vector<Inner> items; int array[3]; int &outside; };
void adopt(Self *self, int &to)
{
    int &r = self->count;
    r = 1;
    r++;
    to += r;
    Inner &in = self->inner;
    in.n = 2;
    in.set(3);
    for (Inner &item : self->items) item.n = 4;
    for (int &i : self->array) i = 5;
    auto &&[n] = self->inner;
    n = 6;
    self->outside = 7;
    adopt(self, r);
    adopt(self, self->outside);
    self->items.back().n = 8;
    self->items[0] = Inner{9};
    const Inner &kept = self->items.front();
    to = kept.n;
}
static Inner instance;
Inner &get() { return instance; }
void through_result() { get().n = 1; get() = Inner{2}; Inner copy = get(); copy.n = 3; }
void to_function(void (&f)(int)) { f(1); (*f)(2); void (&g)(int) = f; g(3); }
