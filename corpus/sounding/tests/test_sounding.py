import threading

import sounding


def test_a_course():
    course = sounding.Course("north")
    for depth in (3.0, 4.0, 5.5):
        course.add(depth)
    assert (course.name, len(course), course.sum(), course.added) == ("north", 3, 12.5, 3)
    assert list(course) == [3.0, 4.0, 5.5]
    course.tide = 1.5
    assert course.tide == 1.5


def test_a_chart():
    chart = sounding.Chart()
    chart.add(1.0)
    chart.add(2.0)
    chart.shift(0.5)
    assert (len(chart), chart.sum(), chart.tide, list(chart)) == (2, 3.0, 0.5, [1.0, 2.0])


def together(work, threads=4):
    start = threading.Barrier(threads)

    def run():
        start.wait()
        work()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def test_a_chart_from_many_threads():
    chart = sounding.Chart()

    def work():
        for _ in range(200):
            chart.add(1.0)
            chart.shift(1.0)
            chart.sum()
            list(chart)

    together(work)
    assert (len(chart), chart.sum(), chart.tide) == (800, 800.0, 800.0)


def test_courses_of_their_own():
    def work():
        course = sounding.Course("own")
        for _ in range(200):
            course.add(1.0)
        assert course.sum() == 200.0

    together(work)
