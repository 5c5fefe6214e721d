import reel


def test_each_frame_once():
    film = reel.Reel([1, 2, 3])
    assert list(film) == [1, 2, 3]
    assert list(film) == []
