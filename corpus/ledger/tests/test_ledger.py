import pytest

import ledger


@pytest.fixture(autouse=True)
def year():
    ledger.open_account("cash", "Ada")
    ledger.open_account("rent")
    yield
    ledger.close()


def test_posting():
    ledger.post("cash", "rent", 1250)
    assert ledger.balance("cash") == -1250
    assert ledger.balances() == {"cash": -1250, "rent": 1250}
    assert ledger.trial() == 0
    assert sorted(ledger.accounts()) == ["cash", "rent"]


def test_rows():
    assert ledger.load([("cash", "rent", n) for n in range(40)]) == 40
    assert len(ledger.entries()) == 40
    assert [row[3] for row in ledger.entries("rent")] == list(range(40))
    with pytest.raises(TypeError):
        ledger.load([None])


def test_what_is_not_there():
    for unknown in (lambda: ledger.balance("gold"), lambda: ledger.owner("gold"), lambda: ledger.post("cash", "gold", 1),
                    lambda: ledger.statement("gold")):
        with pytest.raises(KeyError):
            unknown()
    with pytest.raises(ValueError):
        ledger.open_account("cash")
    with pytest.raises(ValueError):
        ledger.note("x" * 40)


def test_statement():
    ledger.post("cash", "rent", 5)
    ledger.note("checked")
    statement = ledger.statement("cash", currency="EUR")
    assert statement["owner"] == ledger.owner("cash") == "Ada"
    assert statement["currency"] == "EUR"
    assert [row[1:] for row in statement["entries"]] == [("cash", "rent", 5)]


def test_rates():
    ledger.set_rate("EUR", "CHF", 0.5)
    assert ledger.rate("EUR", "CHF") == 0.5
    assert ledger.convert([2, 4.0], "EUR", "CHF") == [1.0, 2.0]
    with pytest.raises(KeyError):
        ledger.rate("CHF", "EUR")
    with pytest.raises(TypeError):
        ledger.convert(["x"], "EUR", "CHF")
