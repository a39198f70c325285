"""What code in a cell may try. Each attack gives what it got; a cell that stops it raises, or ends."""

import ctypes
import fcntl
import json
import mmap
import os
import pickle
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa

from sandbox.cell import ANSWER, DONE, SENT
from sandbox.parcel import LENGTH

LIBC = ctypes.CDLL(None, use_errno=True)
ATTACKS = {}
KEPT = []  # what a cell would leave for the next one
RAN = "a program ran"


def attempt(order, batches):
    made = ATTACKS[order["attack"]](order)
    return ({"got": None}, made) if isinstance(made, list) else ({"got": repr(made)[:300]}, [])


def attack(work):
    ATTACKS[work.__name__] = work
    return work


def call(number, *values):
    if LIBC.syscall(number, *values) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "the call was made"


# files


@attack
def reads_the_password_file(order):
    return Path("/etc/passwd").read_bytes()[:20]


@attack
def reads_the_shadow_file(order):
    return Path("/etc/shadow").read_bytes()[:20]


@attack
def reads_a_key_of_the_user(order):
    return Path(order["folder"], ".ssh/id_rsa").read_bytes()[:20]


@attack
def reads_a_file_of_the_project(order):
    return Path(order["project"], "pyproject.toml").read_bytes()[:20]


@attack
def lists_homes(order):
    return os.listdir("/home")


@attack
def lists_the_root(order):
    listed = os.listdir("/")
    return listed if "home" in listed or "root" in listed else exec("raise OSError('only what is lent')")


@attack
def reads_by_a_symlink(order):
    os.symlink("/etc/passwd", "/tmp/winnow_link")
    return Path("/tmp/winnow_link").read_bytes()[:5]


@attack
def writes_to_the_users_folder(order):
    return Path(order["folder"], "left").write_text("x")


@attack
def writes_to_installed_packages(order):
    with open(pa.__file__, "a") as target:
        return target.write("")


@attack
def writes_to_its_own_package(order):
    with open(sys.modules["sandbox.cell"].__file__, "a") as target:
        return target.write("")


@attack
def writes_a_cron_job(order):
    return Path("/etc/cron.d/winnow_attack").write_text("#")


@attack
def writes_shared_memory(order):
    return Path("/dev/shm/winnow_attack").write_text("x")


@attack
def fills_the_disk(order):
    for turn in range(8):
        with open(f"/tmp/winnow_{turn}", "wb") as target:
            for _ in range(8):
                target.write(bytes(1 << 20))
    return "wrote 64 MB"


@attack
def writes_one_large_file(order):
    with open("/tmp/winnow_big", "wb") as target:
        return target.write(bytes(1 << 20))


@attack
def renames_out_of_its_place(order):
    Path("/tmp/winnow_a").write_text("x")
    os.rename("/tmp/winnow_a", order["folder"] + "/b")
    return "moved"


@attack
def reads_files_that_were_left_open(order):
    found = []
    for file in range(7, 256):
        try:
            found.append((file, os.pread(file, 6, 0)))
        except OSError:
            continue
    if any(b"LEAK" in text for _, text in found):
        return found
    raise OSError("none")


@attack
def writes_into_what_it_was_sent(order):
    return os.pwrite(os.open(f"/proc/self/fd/{SENT}", os.O_RDWR), b"x", 0)


@attack
def cuts_its_answer_short(order):
    os.ftruncate(ANSWER, 10)
    return "cut"


@attack
def finds_what_an_earlier_cell_left(order):
    KEPT.append(1)
    if len(KEPT) > 1:
        return KEPT
    raise OSError("nothing")


# secrets and other processes


@attack
def finds_a_secret_in_its_environment(order):
    if "SECRET" in repr(os.environ):
        return "a key"
    raise OSError("none")


@attack
def reads_the_parents_environment(order):
    return Path(f"/proc/{order['process']}/environ").read_bytes()[:20]


@attack
def reads_the_zygotes_environment(order):
    return Path(f"/proc/{os.getppid()}/environ").read_bytes()[:20]


@attack
def looks_for_any_environment(order):
    for name in os.listdir("/proc"):
        if name.isdigit() and b"SECRET" in Path(f"/proc/{name}/environ").read_bytes():
            return name
    raise OSError("none")


@attack
def reads_the_parents_memory(order):
    return Path(f"/proc/{order['process']}/mem").read_bytes()[:1]


@attack
def traces_the_parent(order):
    return call(101, 16, order["process"], 0, 0)


@attack
def traces_the_zygote(order):
    return call(101, 16, os.getppid(), 0, 0)


@attack
def reads_memory_of_another_process(order):
    return call(310, order["process"], 0, 0, 0, 0, 0)


@attack
def takes_a_handle_of_the_parent(order):
    return call(434, order["process"], 0)


@attack
def signals_the_parent(order):
    return os.kill(order["process"], 0) or "sent"


@attack
def signals_the_zygote(order):
    return os.kill(os.getppid(), 0) or "sent"


@attack
def signals_its_group(order):
    return os.kill(0, 0) or "sent"


@attack
def lets_the_kernel_signal_the_parent(order):
    read, _ = os.pipe()
    return fcntl.fcntl(read, fcntl.F_SETOWN, order["process"])


@attack
def changes_limits_of_the_parent(order):
    return call(302, order["process"], 7, struct.pack("QQ", 10, 10), 0)


@attack
def reads_limits_of_the_parent(order):
    return call(302, order["process"], 7, 0, ctypes.create_string_buffer(16))


@attack
def writes_to_the_zygotes_memory(order):
    with open(f"/proc/{os.getppid()}/mem", "r+b") as memory:
        return memory.seek(id(attempt)), memory.write(b"x")


# network


@attack
def connects_by_tcp(order):
    return socket.create_connection(("127.0.0.1", order["port"]), 2)


@attack
def sends_by_udp(order):
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", order["port"]))


@attack
def connects_to_a_unix_socket(order):
    return socket.socket(socket.AF_UNIX).connect(order["unix"]) or "connected"


@attack
def connects_to_an_abstract_socket(order):
    return socket.socket(socket.AF_UNIX).connect("\0" + order["abstract"]) or "connected"


@attack
def opens_a_raw_socket(order):
    return call(41, 17, 3, 3)


# processes and programs


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


# resources


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


# answers


def answers(raw, length=None):
    space = mmap.mmap(ANSWER, 0)
    space[: len(raw)] = raw
    os.write(DONE, LENGTH.pack(len(raw) if length is None else length))
    time.sleep(20)


def parcel(stream, ends=None, order=None):
    told = json.dumps({"order": {"gave": {"got": "accepted"}} if order is None else order, "ends": [len(stream)] if ends is None else ends}).encode()
    return stream + told + LENGTH.pack(len(told))


def streamed(table, **options):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as stream:
        stream.write(table)
    return sink.getvalue().to_pybytes()


@attack
def answers_with_a_pickle(order):
    class Bomb:
        def __reduce__(self):
            return os.system, (f"touch {order['folder']}/unpickled",)

    answers(pickle.dumps(Bomb()))


@attack
def claims_a_huge_answer(order):
    answers(b"", 1 << 60)


@attack
def claims_a_huge_json(order):
    answers(LENGTH.pack(1 << 60))


@attack
def stops_in_the_middle(order):
    os.write(DONE, b"xxx")
    time.sleep(1e6)


@attack
def nests_json_deeply(order):
    text = b"[" * 200_000
    answers(text + LENGTH.pack(len(text)))


@attack
def claims_batches_outside(order):
    answers(parcel(b"", ends=[1 << 40]))


@attack
def claims_batches_backwards(order):
    answers(parcel(bytes(64), ends=[-8, 64]))


@attack
def answers_with_a_dictionary(order):
    return [pa.record_batch({"r": pa.array(["x" * 100]).dictionary_encode()})]


@attack
def answers_with_runs(order):
    return [pa.record_batch({"r": pa.RunEndEncodedArray.from_arrays([1 << 30], pa.array(["x"]))})]


@attack
def answers_with_views(order):
    return [pa.record_batch({"r": pa.array(["x" * 100], pa.string_view())})]


@attack
def answers_with_an_extension_type(order):
    pickled = f'cos\nsystem\n(S"touch {order["folder"]}/unpickled"\ntR.'
    field = pa.field("r", pa.string(), metadata={"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": pickled})
    return [pa.record_batch([pa.array(["x"])], schema=pa.schema([field]))]


@attack
def answers_with_bad_offsets(order):
    offsets = pa.py_buffer(struct.pack("iii", 0, 1 << 30, -5))
    return [pa.record_batch({"r": pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])})]


@attack
def answers_with_broken_text(order):
    return [pa.record_batch({"r": pa.array([b"\xff\xfe"]).view(pa.string())})]


@attack
def answers_with_more_rows(order):
    return [pa.record_batch({"r": ["a", "b"]})]


@attack
def answers_with_two_batches_in_one_stream(order):
    one = pa.table({"r": ["a"]})
    answers(parcel(streamed(pa.concat_tables([one, one]))))


@attack
def answers_with_a_compressed_bomb(order):
    answers(parcel(streamed(pa.table({"r": ["A" * (32 << 20)]}), compression="zstd")))


@attack
def answers_with_another_compression(order):
    answers(parcel(streamed(pa.table({"r": ["A" * (32 << 20)]}), compression="lz4")))


@attack
def answers_with_many_columns(order):
    answers(parcel(b"", ends=[0] * 100_000))
