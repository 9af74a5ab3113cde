"""The search box in a real browser: typing, mouse and keyboard, from one place to the next, on a phone."""

import pytest

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
BOX, FOUND = ".st-key-site_search input", ".st-key-site_search_found"


def typed(reader, text):
    """Type into the box; return what is suggested, once it is there."""
    reader.page.locator(BOX).click()
    reader.page.keyboard.type(text, delay=30)
    reader.page.locator(FOUND).wait_for()
    reader.settled()
    return reader.page.locator(FOUND)


@pytest.mark.parametrize("text", ["湘潭", "xt", "Xiangtan"])
def test_a_place_is_found_while_its_name_is_typed_and_one_click_opens_it(text, server, reader):
    reader = reader().open(f"{server}/economics?lang=zh")
    typed(reader, text).get_by_text("湘潭市", exact=True).click()
    reader.page.wait_for_url("**/place?**")
    reader.settled()
    assert reader.parameters == {"lang": "zh", "park": "xiangtan"}
    assert reader.title.startswith("湘潭市：")
    assert reader.page.locator(BOX).input_value() == ""
    assert reader.complaints == []


def test_from_one_place_to_the_next_the_address_goes_along_and_back_leads_back(server, reader):
    reader = reader().open(f"{server}/place?lang=en&park=xiangtan")
    typed(reader, "changsha").get_by_text("Changsha city", exact=True).click()
    reader.page.wait_for_url("**park=changsha**")
    reader.settled()
    assert reader.title.startswith("Changsha city:")
    reader.page.go_back()
    reader.settled()
    assert reader.title.startswith("Xiangtan city:")


def test_the_keyboard_alone_finds_and_opens(server, reader):
    reader = reader().open(f"{server}/findings?lang=zh")
    typed(reader, "财政收入 2013")
    for _ in range(12):  # the button that empties the box, then what is suggested
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("() => document.activeElement.innerText").startswith(("在全部", "manage_search")):
            break
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/explore?**")
    reader.settled()
    assert reader.parameters["find"] == "财政收入 2013"


def test_on_a_phone_the_box_stands_above_the_menu(server, reader):
    phone = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE).open(f"{server}/?lang=zh")
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    typed(phone, "株洲").get_by_text("株洲市", exact=True).click()
    phone.page.wait_for_url("**/place?**")
    assert phone.settled().title.startswith("株洲市：")
