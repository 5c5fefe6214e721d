#include <new>
using size_type = decltype(sizeof(0));
struct Base { explicit Base(int); ~Base(); int kept; };
struct Delegating { Delegating(int a, int b); Delegating() : Delegating(1, 2) {} int sum; };
struct Derived : Base { explicit Derived(int n) : Base(n) {} };
struct Inheriting : Base { using Base::Base; };
struct Copied { Copied(const Copied &); Copied(int); };
struct Holder { Copied one; Copied two; };
struct Pooled {
    explicit Pooled(int);
    static void *operator new(size_type size);
    static void *operator new(size_type size, int pool);
    static void operator delete(void *p);
};
Holder *copy(const Holder &from) { return new Holder(from); }
Pooled *pooled() { return new Pooled(1); }
Pooled *from_pool(int pool) { return new (pool) Pooled(2); }
void give_back(Pooled *p) { delete p; }
void in_place(Base *at) { new (at) Base(3); at->~Base(); }
Inheriting *inheriting() { return new Inheriting(4); }
int *plain() { return new int[8]; }
struct Shape { virtual ~Shape(); virtual int area(int) = 0; int area(); };
struct Square : Shape { int area(int n) override { return n; } int area(double) { return 0; } };
