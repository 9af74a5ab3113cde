"""A visitor without a browser: opens pages of a real server over its own protocol, and puts files in."""

import contextlib
import http.client
import json
import time
import uuid
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets.sync.client import connect

XSRF = generate_xsrf_token_string()
ALERTS = ("alert", "markdown")


class Visitor:
    """One session. texts: alerts and Markdown of the last run; uploaders: their ids."""

    def __init__(self, port: int) -> None:
        self.port = port
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.opening = connect(address, subprotocols=["streamlit"], open_timeout=60, max_size=None, proxy=None)
        self.session = self.hash = ""
        self.texts: list[str] = []
        self.uploaders: list[str] = []
        self.held: dict[str, list[UploadedFileInfo]] = {}
        self.page, self.query = "", ""

    def __enter__(self) -> "Visitor":
        self.socket = self.opening.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self.opening.__exit__(*problem)

    def open(self, page: str, query: str = "", seconds: float = 60) -> float:
        """Run a page; seconds until it was drawn."""
        self.page, self.query, self.hash = page, query, ""
        return self.run(seconds)

    def run(self, seconds: float = 60) -> float:
        """Run the page of before; seconds until it was drawn."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.query, self.hash
        if not self.hash:
            state.page_name = self.page
        state.context_info.url = f"http://127.0.0.1:{self.port}/{self.page}"
        for widget, files in self.held.items():
            state.widget_states.widgets.add(id=widget).file_uploader_state_value.uploaded_file_info.extend(files)
        self.texts, self.uploaders = [], []
        began = time.perf_counter()
        self.socket.send(message.SerializeToString())
        while True:
            told = self.receive(seconds - (time.perf_counter() - began))
            if (
                told.WhichOneof("type") == "script_finished"
                and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return time.perf_counter() - began

    def receive(self, seconds: float) -> ForwardMsg:
        """The next message, once what it tells is noted."""
        message = ForwardMsg.FromString(self.socket.recv(timeout=max(0.1, seconds)))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") in ALERTS:
                self.texts.append(getattr(element, element.WhichOneof("type")).body)
            elif element.WhichOneof("type") == "file_uploader":
                self.uploaders.append(element.file_uploader.id)
        return message

    def place_for(self, name: str) -> FileURLs:
        """Where the server says that a file is to be put."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        self.socket.send(message.SerializeToString())
        while True:
            told = self.receive(20)
            if told.WhichOneof("type") == "file_urls_response":
                return told.file_urls_response.file_urls[0]

    def put(self, name: str, content: bytes, place: FileURLs | None = None) -> int:
        """Send a file as the page's uploader does; the status of the answer. It is held where that is 204."""
        place = place or self.place_for(name)
        status, _ = send(self.port, place.upload_url, name, content)
        if status == 204 and self.uploaders:
            info = UploadedFileInfo(file_id=place.file_id, name=name, size=len(content), file_urls=place)
            self.held.setdefault(self.uploaders[0], []).append(info)
        return status


def send(port: int, path: str, name: str, content: bytes) -> tuple[int, str]:
    """PUT a file as a form; status and what the answer says."""
    border = uuid.uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{border}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={border}", "X-Xsrftoken": XSRF,
        "Cookie": f"_streamlit_xsrf={XSRF}",
    }  # fmt: skip
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.request("PUT", path, body, headers)
        answer = connection.getresponse()
        try:
            text = answer.read().decode()
        except http.client.IncompleteRead:  # the server hung up on what it does not take
            text = ""
    finally:
        connection.close()
    return answer.status, json.loads(text)["error"] if text.startswith('{"error"') else text
