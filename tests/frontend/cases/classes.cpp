// Classes: members, bases, construction and what is destroyed when.
struct Base { virtual ~Base(); virtual int run(int); int plain(); };
struct Part { Part(int); ~Part(); int value = 4; };
class Whole : public Base {
 public:
  Whole(int n) : Base(), first(n), second{n + 1} { third_ = n; }
  ~Whole() override { third_ = 0; }
  int run(int n) override { return Base::run(n) + first.value; }
  static int shared;
  int both() const { return first.value + this->third_; }
  Whole &operator+=(int n) { third_ += n; return *this; }
  operator bool() const { return third_ != 0; }
 private:
  Part first, second;
  int third_ = 9;
  mutable int cache_;
  static thread_local int local_;
};
int Whole::shared = 3;
namespace { int hidden(Whole &whole) { whole += 2; return whole ? whole.run(1) : whole.plain(); } }
namespace deep::inside { int out(Base *base) { Part part(1); if (base->run(2)) return part.value; Part other = 3; return hidden(*static_cast<Whole *>(base)); } }
Whole *make(int n) { Whole *made = new Whole(n); delete made; return new Whole{2}; }
int dynamic() { static Part once(5); static int plain = 6; return once.value + plain++; }
Part global_part(7);
const int constant = 8;
int (Base::*member)(int) = &Base::run;
int through_member(Base &b) { return (b.*member)(3); }
struct Locked : private Part { Locked() : Part(1), inner(2) {} Part inner; };
void scoped() { Locked locked; }
