import array

import orchard


def test_rows():
    apples, pears = orchard.Row("apple"), orchard.Orchard("pear")
    assert apples.plant(5) == 5
    assert pears.plant(2) == 4
    apples.move(pears, 2)
    assert (len(apples), len(pears)) == (3, 6)
    apples.keeper = "Kim"
    assert apples.keeper == "Kim"
    assert list(orchard.rounds(apples, 2)) == [(0, 3), (1, 3)]


def test_the_book():
    assert orchard.month("quince") == 10
    assert orchard.note_harvest() + 1 == orchard.note_harvest()
    assert orchard.total(array.array("d", [1.5, 2.5])) == 4.0
