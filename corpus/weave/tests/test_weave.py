import pytest

import weave
import weave.draft


def test_shuttle():
    shuttle = weave.Shuttle("red")
    assert shuttle.pass_through("/-//") == 3
    assert shuttle.last(5) == "/-//-"
    assert shuttle.passes == 1
    shuttle.colour = "blue"
    assert weave.colours(shuttle, weave.Shuttle("green")) == ["blue", "green"]
    with pytest.raises(TypeError):
        shuttle.colour = 7
    with pytest.raises(TypeError):
        weave.colours("red")
    with pytest.raises(ValueError):
        shuttle.last(65)


def test_patterns():
    weave.define("plain", ["/-", "-/"])
    assert weave.pattern("plain") == ("/-", "-/")
    weave.merge({"twill": ("//--",)})
    assert weave.pattern("twill") == ("//--",)
    with pytest.raises(KeyError):
        weave.pattern("satin")
    with pytest.raises(TypeError):
        weave.define("plain", [1])
    with pytest.raises(TypeError):
        weave.merge([])


@pytest.mark.parametrize("draft", [weave, weave.draft])
def test_drafts(draft):
    assert draft.repeats(10, 4) == (2, 2)
    assert draft.treadle("/-/\n-/-") == [[0, 2], [1]]
    with pytest.raises(ValueError):
        draft.repeats(10, 0)
