import heritage


def test_age():
    assert heritage.age(1850) == 150
