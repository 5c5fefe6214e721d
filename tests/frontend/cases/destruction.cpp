// Who is destroyed by delete, and by what owns it.
#include <memory>
#include <vector>
struct Part { ~Part(); };
struct Base { virtual ~Base(); };
struct Closer { void operator()(int *p) const; };
struct Plain { int n; };
struct Owner {
  std::unique_ptr<Part> part;
  std::shared_ptr<Base> base;
  std::unique_ptr<int, Closer> closed;
  std::vector<Part> parts;
  Plain *plain;
  ~Owner() { delete plain; }
  void drop() { part.reset(); base = nullptr; }
};
void deletes(Part *one, Part *many, Base *base, Owner &owner) { delete one; delete[] many; delete base; owner.drop(); }
void scoped() { std::unique_ptr<Owner> owner(new Owner); }
