"""Files on their way into the real server: only where a page has asked for one, and within bounds."""

import asyncio
import os
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from pages.upload import upload_guard
from tests.hosting import servers
from tests.hosting.visitor import Visitor, send

SMALL = "地区,指标,时期,数值,单位\n湘潭高新区,技工贸总收入,2013,720.1,亿元\n".encode()


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    free = servers.free_port()
    command = [*servers.STREAMLIT, "--server.port", str(free), "--server.address", "127.0.0.1"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("STREAMLIT_")}
    up = lambda: servers.get(free, "/api/ready").status == 200  # noqa: E731
    with servers.process(command, folder / "log", up, 90, cwd=servers.ROOT, env=environment):
        yield free


def test_a_file_is_taken_where_a_page_asks_for_it_and_its_figures_are_told(port):
    with Visitor(port) as visitor:
        visitor.open("sources", "lang=zh")
        assert visitor.put("figures.csv", SMALL) == 204
        visitor.run()
        assert any("1 条数据" in text for text in visitor.texts)


def test_a_session_that_was_shown_no_place_for_files_can_send_none(port):
    with Visitor(port) as visitor:
        visitor.open("economics", "lang=zh")
        path = f"/_stcore/upload_file/{visitor.session}/{uuid.uuid4()}"
        assert send(port, path, "figures.csv", SMALL) == (403, "No page has asked this session for a file.")


def test_who_has_no_session_can_send_nothing(port):
    path = f"/_stcore/upload_file/{uuid.uuid4()}/{uuid.uuid4()}"
    assert send(port, path, "figures.csv", SMALL)[0] == 403


def test_a_reader_has_so_many_files_at_a_time(port):
    with Visitor(port) as visitor:
        visitor.open("sources", "lang=zh")
        assert [visitor.put(f"{n}.csv", SMALL) for n in range(upload_guard.MOST_FILES)] == [
            204
        ] * upload_guard.MOST_FILES
        assert visitor.put("more.csv", SMALL) == 413


def test_what_would_be_too_much_is_refused_by_what_it_announces_before_it_is_sent(port):
    with Visitor(port) as visitor:
        visitor.open("sources", "lang=zh")
        place = visitor.place_for("large.csv")
        with socket.create_connection(("127.0.0.1", port), 20) as raw:
            head = f"PUT {place.upload_url} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += f"Content-Length: {upload_guard.MOST_BYTES * 2}\r\n\r\n"
            raw.sendall(head.encode())
            assert raw.recv(4096).startswith(b"HTTP/1.1 413")


def test_what_the_server_holds_of_all_readers_is_bounded(monkeypatch):
    held = {"other": [upload_guard.MOST_BYTES_OF_ALL - 100]}
    monkeypatch.setattr(upload_guard, "get_held_sizes", lambda: held)
    monkeypatch.setattr(upload_guard, "is_session_open", lambda _session: True)
    monkeypatch.setattr(upload_guard, "_allowed_sessions", {"mine": None})
    assert upload_guard.find_refusal("mine", 100) == (0, "")
    assert upload_guard.find_refusal("mine", 101 + upload_guard.FRAME_BYTES)[0] == 503
    with upload_guard.count_arriving_file("another", 100 + upload_guard.FRAME_BYTES):
        assert upload_guard.find_refusal("mine", 1)[0] == 503
    assert upload_guard.find_refusal("mine", 1) == (0, "")


@pytest.mark.parametrize(("said", "size"), [(b"1000", 1000), (b"", None), (b"-1", None), (b"many", None)])
def test_a_file_that_does_not_say_its_size_counts_as_the_largest(said, size):
    headers = [(b"content-length", said)] if said else []
    assert upload_guard.read_announced_size({"headers": headers}) == (
        size or upload_guard.MOST_BYTES + upload_guard.FRAME_BYTES
    )


def parse_upload(size):
    """What Starlette's parser, as Streamlit calls it, makes of one file of so many bytes."""

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    pieces = [head, *[b"a" * MEBIBYTE] * (size // MEBIBYTE), b"\r\n--x--\r\n"]

    async def receive():
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def parse():
        headers = [(b"content-type", b"multipart/form-data; boundary=x")]
        scope = {"type": "http", "method": "PUT", "path": "/", "query_string": b"", "headers": headers}
        return (await Request(scope, receive).form())["file"]

    with ThreadPoolExecutor(1) as apart:  # a loop of another test may be running in this thread
        return apart.submit(asyncio.run, parse()).result()


MEBIBYTE = 1 << 20


@pytest.mark.parametrize("size", [MEBIBYTE, 20 * MEBIBYTE, 100 * MEBIBYTE])
def test_a_file_on_its_way_is_kept_in_memory_and_not_on_the_disk(size):
    upload = parse_upload(size)
    assert upload.size == size
    rolled = upload.file._rolled
    upload.file.close()
    assert not rolled, "it went through a temporary file"


def test_the_parser_keeps_in_memory_whatever_the_guard_lets_in():
    assert MultiPartParser.spool_max_size >= upload_guard.MOST_BYTES + upload_guard.FRAME_BYTES
