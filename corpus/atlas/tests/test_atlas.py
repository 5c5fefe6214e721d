import atlas
import pytest


def test_pages_are_empty_and_end_with_close():
    pages = atlas.Atlas(2)
    assert pages.sum() == 0
    pages.close()
    pages.close()
    with pytest.raises(ValueError):
        pages.sum()
