import time

import pytest

import tally


@pytest.fixture(autouse=True)
def forget():
    yield
    tally.observe(None)
    tally.clear()


def test_counts_add_up():
    assert tally.count("ash") == 1
    assert tally.count("ash", by=4) == 5
    tally.merge({"ash": 1, "oak": 2})
    assert tally.top(2) == [(6, "ash"), (2, "oak")]
    assert tally.known("oak") and not tally.known("elm")
    assert tally.totals == {"ash": 6, "oak": 2}


def test_merge_refuses_what_is_no_count():
    with pytest.raises(TypeError):
        tally.merge([1])
    with pytest.raises(TypeError):
        tally.merge({"ash": "many"})


def test_words_of_a_text():
    assert tally.read("ash oak\nash\telm") == 4
    assert tally.top(1) == [(2, "ash")]


def test_observer_is_told_while_it_lives():
    class Told(list):
        def __call__(self, label):
            self.append(label)

        __hash__ = object.__hash__

    told = Told()
    tally.observe(told)
    tally.count("ash")
    assert told == ["ash"]
    del told
    assert tally.count("ash") == 2


def test_lines(capsys):
    tally.count("ash", 12)
    assert tally.line("ash").split() == ["ash", "12"]
    tally.print_line("ash")
    assert capsys.readouterr().out.split() == ["ash", "12"]
    assert tally.stamp(0) == time.strftime("%Y-%m-%d %H:%M", time.localtime(0))


def test_lists():
    assert tally.sum([1, 2.5]) == 3.5
    assert tally.sum((1,)) == 1
    kept = [1]
    assert tally.extended(kept, [2]) == [1, 2]
    assert kept == [1]
    items = [1, 2, 3]
    tally.rotate(items)
    assert items == [2, 3, 1]


def test_meter():
    meter = tally.Meter("load")
    for value in range(100):
        meter.hit(value)
    assert meter.mean() == 49.5
    assert meter.hits == 100
    meter.label = "load average"
    assert meter.label == "load average"
    with pytest.raises(TypeError):
        meter.label = None
