"""workload.py: calls one function so and so often by so many threads (or worker processes) at once, and says how long it took.

What to do comes as JSON on standard input: `call` ("package.module:function"; ftaudit_reference lies beside this file), `path`
(folders for sys.path), `threads`, `processes` (workers instead of threads), `calls` (by each of
them in a round; 0: as many as make a round of `round` seconds by one thread), `rounds` (the first one warms up and does not
count). The answer is JSON in the file that FTAUDIT_RESULT names. The work of each thread is the same whatever their number."""
import hashlib
import importlib
import json
import os
import sys
import threading
import time


def scheduled():
    with open("/proc/thread-self/schedstat", encoding="ascii") as file:
        run, wait, _ = file.read().split()
    return int(run), int(wait)


def function(call):
    module, _, name = call.partition(":")
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{call} is no function")
    return found


def digest(value):
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def one_lane(work, calls):
    """What one thread or process does in a round, timed by itself."""
    (run, wait), began = scheduled(), time.perf_counter_ns()
    value = None
    for _ in range(calls):
        value = work()
    ended = time.perf_counter_ns()
    ran, waited = scheduled()
    return {"began": began, "ended": ended, "run": ran - run, "wait": waited - wait, "answer": digest(value)}


def by_threads(work, calls, count):
    lanes, errors, barrier = [None] * count, [], threading.Barrier(count)

    def lane(number):
        try:
            barrier.wait()
            lanes[number] = one_lane(work, calls)
        except BaseException as error:  # told to whoever asked for the measurement
            errors.append(error)
            barrier.abort()

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise next((one for one in errors if not isinstance(one, threading.BrokenBarrierError)), errors[0])
    return lanes


def by_processes(work, calls, count):
    """Forked workers, let go together by the closing of a pipe."""
    gate, hold = os.pipe()
    answers = []
    for _ in range(count):
        back, into = os.pipe()
        if os.fork() == 0:
            os.close(hold), os.close(back)
            os.read(gate, 1)
            status = 1
            try:
                with os.fdopen(into, "w") as out:
                    json.dump(one_lane(work, calls), out)
                status = 0
            finally:
                os._exit(status)
        os.close(into)
        answers.append(back)
    os.close(gate), os.close(hold)
    lanes = []
    for back in answers:
        with os.fdopen(back) as file:
            lanes.append(json.loads(file.read() or "null"))
    for _ in range(count):
        os.wait()
    if None in lanes:
        raise RuntimeError("a worker process failed")
    return lanes


def enough_calls(work, seconds):
    calls = 1
    while True:
        began = time.thread_time()
        for _ in range(calls):
            work()
        took = time.thread_time() - began
        if took >= seconds / 4 or calls >= 1 << 24:
            return max(1, round(calls * seconds / max(took, 1e-9))) if took < seconds else calls
        calls *= 2


def main():
    wanted = json.load(sys.stdin)
    sys.path[:1] = [*wanted["path"], os.path.dirname(os.path.abspath(__file__))]
    work = function(wanted["call"])
    calls = wanted["calls"] or enough_calls(work, wanted["round"])
    together = by_processes if wanted["processes"] else by_threads
    rounds = [together(work, calls, wanted["threads"]) for _ in range(wanted["rounds"] + 1)][1:]
    with open(os.environ["FTAUDIT_RESULT"], "w", encoding="utf-8") as file:
        json.dump({"calls": calls, "rounds": rounds}, file)


main()
