import transfer


def test_nothing_gets_lost():
    assert transfer.save() == 2000
    assert transfer.spend() == 2000
