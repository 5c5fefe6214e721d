import os
import subprocess
import unittest


class Suite(unittest.TestCase):
    def test_forks(self):
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        subprocess.Popen(["sleep", "86397"], start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
