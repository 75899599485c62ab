"""Types into psql on a terminal: the keys of completion send queries of their own; \\watch repeats until Ctrl-C."""
import os
import pty
import re
import select
import time
from common import DSN

pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PAGER="cat", PSQL_HISTORY="/dev/null", INPUTRC="/dev/null")
    os.execvp("psql", ["psql", "-X", "-v", "VERBOSITY=sqlstate", DSN])


def read(until, within=20):
    text, end = "", time.monotonic() + within
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            text += os.read(fd, 65536).decode()
            if re.search(until, text):
                return text
    raise SystemExit(f"no {until!r} in {text!r}")


def key(text, until):
    os.write(fd, text.encode())
    return read(until)


read(r"lake=[#>] ")
for begun, whole in (
    ("SELECT * FROM sto\t", r"stores"),
    ("SELECT * FROM web.re\t", r"web\.reviews"),
    ("SELECT name FROM stores WHERE store_\t", r"store_id"),
    ("\\d prod\t", r"products"),
    ("\\dn we\t", r"web"),
    ("SET TimeZ\t", r"(?i)timezone"),
    ("COPY roa\t", r"roasts"),
    ("\\c la\t", r"c lake"),
):
    key(begun, whole)
    print(repr(begun), "completed")
    key("\x15\x03", r"lake=[#>] $")  # clears the line
answer = key("SELECT 40 + 2 AS n \\watch 0.1\n", r"(?s)42.*42.*42")
print("watched", "ERROR" not in answer)
key("\x03", r"lake=[#>] $")
answer = key("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * 7 + b.range) % 13 = 99;\n", r"\n")
time.sleep(0.3)
print("cancelled", "57014" in key("\x03", r"ERROR: +\d+"))
print("after", "1" in key("SELECT 1 AS one;\n", r"1 row"))
os.write(fd, b"\\q\n")
print("status", os.waitpid(pid, 0)[1])
