// nanobind takes the sections of the arguments that say so: of both, the transfer is whole; of the second alone, the first
// one's balance is bare.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

struct Account {
  long balance = 0, lent = 0;
};

static void give(Account& from, Account& to, long sum) {
  from.balance -= sum;
  to.balance += sum;
}
static long balance(Account& account) { return account.balance; }

static void lend(Account& from, Account& to, long sum) {
  from.lent -= sum;  // expect: FT316
  to.lent += sum;
}

NB_MODULE(accounts, m) {
  nb::class_<Account>(m, "Account").def(nb::init<>());
  m.def("give", &give, nb::arg("from").lock(), nb::arg("to").lock(), nb::arg("sum"));
  m.def("balance", &balance, nb::arg("account").lock());
  m.def("lend", &lend, nb::arg("from"), nb::arg("to").lock(), nb::arg("sum"));
}
