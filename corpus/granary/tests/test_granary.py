import array

import granary


def test_a_bin_fills_and_empties():
    rye = granary.Bin("rye", 2)
    for weight in (40.0, 41.5, 39.0):
        rye.add(weight)
    assert rye.weight() == 120.5
    assert list(rye.take()) == [39.0, 41.5, 40.0]
    assert rye.weight() == 0


def test_keepers_and_loans():
    oats = granary.Bin("oats")
    assert oats.hand_over("Ada") is None
    assert oats.hand_over("Bo") == "Ada"
    assert oats.repay() == 0.0
    oats.borrow(array.array("d", [2.5]))
    assert oats.repay() == 2.5


def test_prices():
    assert granary.price("wheat") == 5
    assert granary.weighed() >= 3
