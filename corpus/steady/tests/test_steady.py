import pytest

import steady


def test_counter():
    counter = steady.Counter(3)
    assert counter.add() == 4
    assert counter.add(-2) == counter.value == 2
    with pytest.raises(TypeError):
        counter.add("x")


def test_series_keeps_the_last_values():
    before = steady.memory(4)
    try:
        registry = steady.Registry()
        registry.burst("load", 1, 2, 3, 4, 5, 6)
        series = registry["load"]
        assert series.values() == [3, 4, 5, 6]
        assert series.mean() == 4.5
        assert len(series) == 4
        series.extend((7.0,))
        assert series.values() == [4, 5, 6, 7]
        with pytest.raises(TypeError):
            series.extend([1.0, 2])
        assert len(series) == 4
    finally:
        assert steady.memory(before) == 4


def test_registry():
    registry = steady.Registry()
    registry.record(load=1, heat=20.5)
    registry.record(load=2)
    assert registry.names() == ["heat", "load"]
    assert registry.total() == 23.5
    assert "load" in registry and "noise" not in registry
    assert registry["load"].label == "load"
    with pytest.raises(KeyError):
        registry["noise"]
    with pytest.raises(TypeError):
        registry.record(load="x")
    with pytest.raises(TypeError):
        registry.burst()


def test_unit():
    registry = steady.Registry()
    registry.record(heat=1)
    series = registry["heat"]
    assert series.unit == ""
    series.unit = "K"
    assert series.unit == "K"
    with pytest.raises(TypeError):
        series.unit = 1
    with pytest.raises(TypeError):
        type(series)()


def test_who_is_told():
    class Watcher:
        def __init__(self):
            self.told = []

        def __call__(self, name):
            self.told.append(name)

    told, watcher = [], Watcher()
    registry = steady.Registry()
    registry.on_change = told.append
    registry.watch(watcher)
    registry.record(load=1)
    registry.on_change = None
    assert registry.on_change is None
    registry.record(heat=1)
    assert told == ["load"]
    assert watcher.told == ["load", "heat"]
    del watcher
    registry.record(load=1)


def test_functions(capsys):
    assert steady.stamp(0) == "1970-01-01T00:00:00Z"
    assert steady.ticks() <= steady.ticks()
    steady.show("seen")
    assert capsys.readouterr().out == "seen\n"
    assert steady.made_by == "steady"
    with pytest.raises(ValueError):
        steady.memory(-1)
