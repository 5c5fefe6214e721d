"""The same objects from many threads at once; nothing may be lost, torn or freed too early."""

import gc
import threading

import steady

THREADS = 8
ROUNDS = 20_000


def at_once(work):
    barrier = threading.Barrier(THREADS)
    wrong = []

    def run(number):
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_no_count_is_lost():
    counter = steady.Counter()
    at_once(lambda number: [counter.add() for _ in range(ROUNDS)])
    assert counter.value == THREADS * ROUNDS


def test_no_value_is_lost():
    registry = steady.Registry()

    def work(number):
        for _ in range(ROUNDS):
            registry.record(shared=1, **{f"own{number}": 1})
            registry.burst("bursts", 0.5, 0.5)
            registry.names(), registry.total()

    before = steady.memory(1_000_000)
    at_once(work)
    steady.memory(before)
    assert len(registry["shared"]) == THREADS * ROUNDS
    assert registry.total() == 3 * THREADS * ROUNDS
    assert len(registry.names()) == THREADS + 2


def test_series_read_while_it_grows_and_turns():
    registry = steady.Registry()
    registry.record(load=1)
    series = registry["load"]
    shared = [1.0] * 50

    def work(number):
        for turn in range(ROUNDS):
            if number % 4 == 0:
                series.extend(shared)
            elif number % 4 == 1:
                assert set(series.values()) == {1.0}
            elif number % 4 == 2:
                assert series.mean() == 1
                series.unit = f"unit {turn}"
            else:
                assert series.unit is not None
                shared.append(1.0)
                shared.pop()

    at_once(work)
    assert len(series) == steady.memory()


def test_callbacks_come_and_go():
    registry = steady.Registry()

    class Watcher:
        def __call__(self, name):
            assert name == "load"

    def work(number):
        for _ in range(ROUNDS // 4):
            registry.on_change = (lambda name: None) if number % 2 else None
            watcher = Watcher()
            if number == 0:
                registry.watch(watcher)
            registry.record(load=number)
            registry.on_change
        gc.collect()

    at_once(work)
