"""Goes into every Python process of a measured command, found through PYTHONPATH, and leaves at its end one file in the
folder that FTAUDIT_MEASURED names: how long each thread ran and how long it waited for a processor, whether the GIL was
off from beginning to end, which compiled modules were loaded. A sitecustomize of the environment's own still runs. Behind
hand_on.py."""
import atexit
import json
import os
import sys
import threading
import time


def scheduled():
    """Nanoseconds this thread has run, and stood in the run queue; None where the kernel does not say."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:
            run, wait, _ = file.read().split()
        return int(run), int(wait)
    except (OSError, ValueError):
        return None


def gil():
    known = getattr(sys, "_is_gil_enabled", None)
    return True if known is None else known()


class Witness:
    def __init__(self, folder):
        self.folder, self.lock = folder, threading.Lock()
        self.begin()

    def begin(self):
        self.pid, self.told = os.getpid(), False
        self.file = os.path.join(self.folder, f"{self.pid}-{time.monotonic_ns()}.json")
        if os.environ.get("FTAUDIT_SERVING"):
            threading.Thread(target=self.serve, daemon=True).start()
        self.began, self.gil_at_start, self.threads = time.monotonic(), gil(), []

    def thread_ended(self):
        if (one := scheduled()) is not None:
            with self.lock:
                self.threads.append(one)

    def serve(self):
        """A service is ended from outside: what it is like is told while it runs."""
        while True:
            time.sleep(0.5)
            self.write()

    def tell(self):
        if self.told or os.getpid() != self.pid:
            return
        self.told = True
        self.thread_ended()
        self.write()

    def write(self):
        compiled = sorted({file for module in list(sys.modules.values())
                           if isinstance(file := getattr(module, "__file__", None), str) and file.endswith((".so", ".pyd"))})
        record = {"pid": self.pid, "parent": os.getppid(), "executable": sys.executable, "version": sys.version.split()[0],
                  "free_threaded": hasattr(sys, "_is_gil_enabled") and "free-threading" in sys.version,
                  "gil_at_start": self.gil_at_start, "gil_at_end": gil(), "PYTHON_GIL": os.environ.get("PYTHON_GIL", ""),
                  "wall": time.monotonic() - self.began, "threads": self.threads, "compiled": compiled}
        try:
            with open(self.file + ".part", "w", encoding="utf-8") as file:
                json.dump(record, file)
            os.replace(self.file + ".part", self.file)
        except OSError:
            pass


def watch(folder):
    witness = Witness(folder)
    run = threading.Thread._bootstrap_inner
    end = os._exit

    def _bootstrap_inner(self):
        try:
            run(self)
        finally:
            witness.thread_ended()

    def _exit(status):
        witness.tell()
        end(status)

    threading.Thread._bootstrap_inner = _bootstrap_inner
    os._exit = _exit  # how forked workers end: without what atexit knows
    os.register_at_fork(after_in_child=witness.begin)
    atexit.register(witness.tell)


if os.environ.get("FTAUDIT_MEASURED"):
    watch(os.environ["FTAUDIT_MEASURED"])
hand_on()
