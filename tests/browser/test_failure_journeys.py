"""What goes wrong, in the reader's own language: an unknown address, a fault, no file, a server that is gone."""

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.hosting import servers

pytestmark = pytest.mark.browser
# A fault in a button's own work, one before any page, one in a file.
FAULTS = {
    "pages/shell/menu.py": ('st.query_params["lang"] = code', "1 / 0"),
    "pages/navigation.py": ("icon = Path(", 'assert "fault" not in st.query_params\nicon = Path('),
    "pages/ui/downloads.py": ("formats.as_file(rows, suffix, language)", "1 / 0"),
}
FAILED = {
    "zh": r"本页出错了，请重试；若再出错，请把编号 ([0-9a-f]{8}) 告诉运维人员。",
    "en": r"This page failed\. Please try again; if it fails again, tell the operator the number ([0-9a-f]{8})\.",
}
NO_FILE = {
    "zh": r'^"文件没有生成，请重试；若再出错，请把编号 ([0-9a-f]{8}) 告诉运维人员。"$',
    "en": r'^"The file was not made\. .+ if it fails again, tell the operator the number ([0-9a-f]{8})\."$',
}
NOWHERE = {"zh": ("没有这个页面", "打开总览"), "en": ("There is no such page", "Open the overview")}
LOST = {"zh": '"与服务器的连接断了"', "en": '"The connection to the server was lost"'}


def written(element):
    """What a style writes behind an element, where Streamlit has no words but its own."""
    return element.evaluate("element => getComputedStyle(element, '::after').content")


@pytest.fixture(scope="module")
def faulty(park_database, tmp_path_factory):
    """The server, with a few lines broken; its address and its log."""
    folder = tmp_path_factory.mktemp("faulty")
    for name in ("app.py", ".streamlit", "data", "pages", "queries"):
        copy = shutil.copytree if (servers.ROOT / name).is_dir() else shutil.copyfile
        copy(servers.ROOT / name, folder / name)
    for name, (whole, broken) in FAULTS.items():
        text = (folder / name).read_text("utf-8")
        assert whole in text, name
        (folder / name).write_text(text.replace(whole, broken), "utf-8")
    port, log = servers.free_port(), folder / "log"
    command = [*servers.STREAMLIT[:-1], str(folder / "app.py"), "--server.port", str(port)]
    with servers.process(command, log, lambda: servers.get(port, "/_stcore/health").status == 200, 60, cwd=folder):
        yield SimpleNamespace(address=f"http://localhost:{port}", log=log)


def logged(faulty, what):
    """The events of this name in the log, of which every line is JSON."""
    lines = Path(faulty.log).read_text("utf-8").splitlines()
    odd = [line for line in lines if line.strip() and not line.startswith("{")]
    assert [line for line in odd if not re.search(r"You can now view|URL:", line)] == []
    return [event for event in map(json.loads, set(lines) - set(odd) - {""}) if event["message"] == what]


def failure(desk, lang):
    """The number that the page tells, in its only sentence of a failure."""
    box = desk.page.get_by_test_id("stAlert")
    box.wait_for()
    assert desk.page.get_by_test_id("stException").count() == 0
    return re.fullmatch(FAILED[lang], box.inner_text().split("\n")[-1].strip())[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_before_the_page_ends_in_a_sentence_with_the_number_of_the_log(faulty, reader, lang):
    desk = reader()
    desk.page.goto(f"{faulty.address}/sources?lang={lang}&fault=1")
    number = failure(desk, lang)
    (event,) = [event for event in logged(faulty, "page failed") if event["error_id"] == number]
    assert event["path"] == f"/sources?lang={lang}&fault=1"
    assert "AssertionError" in event["exception"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_in_the_work_of_a_button_ends_in_the_same_sentence(faulty, reader, lang):
    desk = reader().open(f"{faulty.address}/sources?lang={lang}")
    desk.page.get_by_role("button", name="English" if lang == "zh" else "中文").click()
    number = failure(desk, lang)
    (event,) = [event for event in logged(faulty, "page failed") if event["error_id"] == number]
    assert "ZeroDivisionError" in event["exception"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_cannot_be_made_is_told_and_is_no_file(faulty, reader, lang):
    desk = reader().open(f"{faulty.address}/economics?lang={lang}")
    desk.page.get_by_test_id("stPopover").filter(has_text=re.compile("下载|Download")).first.get_by_role(
        "button"
    ).click()
    desk.page.get_by_test_id("stDownloadButton").filter(has_text="CSV").get_by_role("button").click()
    box = desk.page.get_by_test_id("stDownloadButtonError")
    box.wait_for()
    assert box.evaluate("box => getComputedStyle(box).fontSize") == "0px"
    number = re.match(NO_FILE[lang], written(box))[1]
    (event,) = [event for event in logged(faulty, "download failed") if event["error_id"] == number]
    assert event["path"].endswith(".csv")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["nosuchpage", "概览", "a/b/nosuchpage", "no%2Fsuch"])
def test_an_address_of_no_page_says_so_and_leads_to_the_overview(server, reader, path, lang):
    desk = reader().open(f"{server}/{path}?lang={lang}")
    title, way = NOWHERE[lang]
    assert desk.title == title
    assert desk.page.get_by_test_id("stDialog").count() == 0
    desk.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").filter(has_text=way).click()
    desk.page.wait_for_function("title => document.querySelector('h1')?.innerText !== title", arg=title)
    assert desk.settled().parameters["lang"] == lang
    assert desk.page.url.startswith(f"{server}/?")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_by_its_name_is_the_overview(server, reader, lang):
    desk = reader().open(f"{server}/overview?lang={lang}")
    assert desk.page.get_by_test_id("stDialog").count() == 0
    assert desk.page.url == f"{server}/?lang={lang}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_lost_server_is_told_in_the_readers_language(fresh_server, reader, lang):
    with fresh_server() as address:
        desk = reader().open(f"{address}/sources?lang={lang}")
    box = desk.page.get_by_test_id("stDialog")
    box.wait_for(timeout=30_000)
    assert written(box.locator("h2")) == LOST[lang]
    assert "Streamlit" not in box.inner_text().replace(box.locator("h2").inner_text(), "")
    assert not box.get_by_text("streamlit run").is_visible()
