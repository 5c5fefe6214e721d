import vault


def test_keeping_and_trimming():
    first = vault.keep()
    assert vault.keep() == first + 1
    assert vault.trim() + 1 == vault.trim()
    assert vault.keep() == 1
