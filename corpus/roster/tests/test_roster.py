import roster


def test_points_are_renewed():
    roster.renew()
    assert roster.total() == sum(range(400))
    roster.renew()
    assert roster.total() == sum(range(400))
