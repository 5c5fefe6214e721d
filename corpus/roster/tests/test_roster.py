import roster


def test_members_are_found_and_replaced():
    roster.enlist("ann", ["first"])
    roster.enlist("ann", ["second"])
    assert roster.find("ann") == ["second"]
    assert roster.find("bob") is None
