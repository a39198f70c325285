"""Attacks by new processes and programs, by strange system calls, and on memory, time and disk."""

import ctypes
import fcntl
import os
import resource
import subprocess
import sys
import threading
import time

from tried import RAN, attack, call


@attack
def forks(order):
    for _ in range(50):
        if not os.fork():
            os._exit(0)
    return "forked"


@attack
def leaves_a_daemon(order):
    if not os.fork():
        os.setsid()
        if not os.fork():
            time.sleep(3)
        os._exit(0)
    return "left"


@attack
def runs_a_shell(order):
    return subprocess.run(["/bin/sh", "-c", f"echo {RAN}"], capture_output=True).stdout


@attack
def becomes_a_program(order):
    os.execv("/bin/sh", ["sh", "-c", f"echo {RAN}"])


@attack
def makes_a_namespace(order):
    return call(272, 0x10000000)


@attack
def mounts(order):
    return call(165, b"none", b"/tmp", b"tmpfs", 0, None)


@attack
def sets_up_io_uring(order):
    return call(425, 4, ctypes.create_string_buffer(120))


@attack
def loads_a_kernel_program(order):
    return call(321, 0, ctypes.create_string_buffer(120), 72)


@attack
def asks_for_the_keyring(order):
    return call(250, 0, -3, 0)


@attack
def handles_page_faults(order):
    return call(323, 1)


@attack
def opens_performance_counters(order):
    event = ctypes.create_string_buffer((0).to_bytes(4, "little") + (120).to_bytes(4, "little"), 120)
    return call(298, event, 0, -1, -1, 0)


@attack
def makes_calls_of_another_kind(order):
    return call(0x40000000 + 39)


@attack
def types_into_the_terminal(order):
    return fcntl.ioctl(1, 0x5412, b"x")


@attack
def raises_its_limits(order):
    resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))
    return "raised"


@attack
def takes_memory_at_once(order):
    return len(bytearray(50 << 30))


@attack
def takes_memory_in_steps(order):
    taken = []
    for _ in range(500):
        taken.append(bytearray(100 << 20))
    return len(taken)


@attack
def takes_memory_as_files(order):
    for _ in range(8):
        file = os.memfd_create("x")
        for _ in range(8):
            os.write(file, bytes(1 << 20))
    return "took 64 MB"


@attack
def starts_many_threads(order):
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    return "started 5,000"


@attack
def computes_for_ever(order):
    while True:
        pass


@attack
def sleeps_for_ever(order):
    time.sleep(1e6)


@attack
def talks_without_end(order):
    for _ in range(200):
        os.write(1, b"x" * (1 << 20))
    return "wrote 200 MB"


@attack
def crashes(order):
    ctypes.string_at(0)


@attack
def leaves(order):
    os._exit(0)


@attack
def recurses_without_end(order):
    sys.setrecursionlimit(10**9)

    def deeper(number):
        return deeper(number + 1) + 1

    return deeper(0)
