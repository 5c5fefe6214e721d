// Templates: instances where there are some, the pattern where there are none.
template <class T> T largest(T a, T b) { return a < b ? b : a; }
template <class T> T never(T a) { return a.field; }
template <class T, int N> struct Array {
  T items[N];
  T &at(int i) { return items[i]; }
  int unused_member() { return N; }
  template <class U> U as(int i) { return U(items[i]); }
};
template <> struct Array<char, 0> { char at(int) { return 'x'; } };
template <class... T> int count(T... all) { return sizeof...(all) + (0 + ... + int(all)); }
template <class T> constexpr T pi = T(3);
template <class T> struct Unused { int f() { return 1; } };
int use(Array<int, 3> &a, Array<char, 0> &c) { return largest(1, 2) + largest(1.0, 2.0) + a.at(1) + a.as<long>(2) + c.at(0) + count(1, 2L) + pi<int>; }
int generic(auto x) { return x + 1; }
int use_generic() { return generic(2); }
template <class T> concept Small = sizeof(T) < 4;
int constrained(Small auto x) { return x; }

// A constant declared again outside its class: the value stands with the first declaration.
struct Book {
  static constexpr int pages = 4;
  int read() const { return pages; }
};
constexpr int Book::pages;
template <class T> struct Shelf {
  static constexpr int width = sizeof(T);
  int read() { return width; }
};
template <class T> constexpr int Shelf<T>::width;
int widths(Shelf<int> &shelf) { return Book::pages + Shelf<int>::width + shelf.read(); }
