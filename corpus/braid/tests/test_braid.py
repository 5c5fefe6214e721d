import threading

import pytest

import braid


@pytest.mark.parametrize("kind", [braid.Strand, braid.Cord])
def test_strands_share_their_tails(kind):
    one = kind().push(1)
    two, three = one.push(2), one.push(3)
    assert (one.list(), two.list(), three.list()) == ([1], [2, 1], [3, 1])
    assert one.uses == 2
    with pytest.raises(TypeError):
        one.push("x")


def test_cords_move():
    one, two = braid.Cord().push(1), braid.Cord().push(2)
    one.move(two)
    assert one.list() == [2]
    with pytest.raises(TypeError):
        one.move(braid.Strand())


def test_cords_from_many_threads():
    base = braid.Cord().push(0)
    other = braid.Cord().push(1)
    start = threading.Barrier(4)

    def work():
        start.wait()
        for n in range(300):
            grown = base.push(n)
            assert grown.list()[0] == n
            base.move(other)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert base.uses == 1200
