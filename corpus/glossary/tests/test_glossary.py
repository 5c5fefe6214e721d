import glossary


def test_vowels():
    assert [glossary.vowels(word) for word in ("tree", "tree", "fjord", "queue")] == [2, 2, 1, 4]
