import pytest

import lattice


def test_cells():
    grid = lattice.Grid(3, 2)
    grid[2, 1] = 4.5
    assert grid[2, 1] == 4.5
    assert grid[0, 0] == 0
    with pytest.raises(IndexError):
        grid[3, 0]
    assert grid.corners() == [(0, 0), (2, 0), (0, 1), (2, 1)]


def test_rows():
    grid = lattice.grid([[1, 2], [3, 4]])
    grid.append([5, 6])
    assert (grid.width, grid.height, grid.sum()) == (2, 3, 21)
    grid.fill({(0, 0): 10, (1, 2): 0})
    assert grid.sum() == 24
    with pytest.raises(TypeError):
        grid.append(["x", "y"])
    with pytest.raises(ValueError):
        grid.append([1])
    assert lattice.grid(()).width == 8


def test_registry():
    lattice.register("small", lattice.Grid(1, 1))
    lattice.register("large", lattice.Grid(100, 100))
    assert lattice.names() == ["large", "small"]
    assert lattice.find("large").width == 100
    assert lattice.find("none") is None
    lattice.clear()
    assert lattice.__len__() == 0


def test_distance_is_the_same_the_second_time():
    assert lattice.distance((0, 0), (3, 4)) == 5
    assert lattice.distance((0, 0), (3, 4)) == 5


def test_watchers():
    class Watcher:
        def __init__(self):
            self.told = []

        def __call__(self, what):
            self.told.append(what)

    watcher = Watcher()
    lattice.watch(watcher)
    assert lattice.notify("moved") == 1
    assert watcher.told == ["moved"]
    del watcher
    assert lattice.notify("gone") == 0


def test_python_objects():
    lattice.options(wrap=True, limit=3)
    assert lattice.option("limit") == 3
    assert lattice.option("none") is None
    assert lattice.swapped((1, 2)) == (2, 1)
    assert lattice.first([7]) == 7
    assert lattice.tag({"colour": "red"}, "colour") == "red"
    assert lattice.tag({}, "colour") == ""
    assert lattice.has_tag({"colour": None}, "colour")
    assert lattice.year(0) == 1970
