import odometer


def test_miles_add_up():
    car = odometer.Odometer()
    car.drive(3)
    car.drive(4)
    assert car.miles == 7
