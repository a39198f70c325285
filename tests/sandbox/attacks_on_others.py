"""Attacks on files, secrets, other processes and the network."""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

import pyarrow as pa
from tried import attack, call

from sandbox.cell import ANSWER, SENT

KEPT = []  # what a cell would leave for the next one


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
        return memory.seek(id(KEPT)), memory.write(b"x")


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
