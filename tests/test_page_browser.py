"""The HTML page in a real browser: opened, clicked, walked through with the keyboard, looked at.

Runs where Debian's packages chromium and chromium-driver, or the like, are installed.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.schema import EVENT_TYPES
from tagger.writers.html import HtmlWriter

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_HOSTILE = "</script><script>document.title = 'broken'</script>\" ' & \u202e反向\u202c\ud800"

_TEXT = (
    "华东精工出售江南铸造股权\n"
    "3月5日，华东精工公告，拟以12.5亿元向青山资本转让江南铸造60%股权。公司否认将裁员。\n"
    "2023年9月，它已终止与北川港务的合作，并以3亿元回购股份。"
)


def _place(words: str, last: bool = True) -> tuple[int, int, str]:
    start = _TEXT.rindex(words) if last else _TEXT.index(words)
    return start, start + len(words), words


def sale() -> Document:
    """Four happenings: a planned sale told twice, a denied layoff, an end and a buyback."""
    document = Document(
        _TEXT,
        id="sale",
        title="华东精工出售江南铸造股权",
        body_start=13,
        published=datetime(2024, 3, 5, 18),
    )
    document.entities = [
        Entity(*_place("华东精工", last=False), "COMPANY", 0.9, "华东精工", "SSE:600999"),
        Entity(*_place("华东精工"), "COMPANY", 0.9, "华东精工", "SSE:600999"),
        Entity(*_place("青山资本"), "COMPANY", 0.9),
        Entity(*_place("北川港务"), "ORGANIZATION", 0.9),
    ]
    day, month = datetime(2024, 3, 5), datetime(2023, 9, 1)
    document.quantities = [
        Quantity(*_place("3月5日"), "DATE", start_time=day, end_time=datetime(2024, 3, 6)),
        Quantity(*_place("12.5亿元"), "MONEY", Decimal(1250000000), "CNY"),
        Quantity(*_place("2023年9月"), "DATE", start_time=month, end_time=datetime(2023, 10, 1)),
        Quantity(*_place("3亿元"), "MONEY", Decimal(300000000), "CNY"),
    ]
    document.events = [
        Event(*_place("出售"), "divestment", 0.7, "planned", 0),
        Event(*_place("转让"), "divestment", 0.95, "planned", 0),
        Event(*_place("裁员"), "layoff", 0.8, "negated", 1),
        Event(*_place("终止"), "termination", 0.9, "asserted", 2),
        Event(*_place("回购"), "buyback", 0.9, "asserted", 3),
    ]
    document.events[1].arguments = [
        Argument("subject", *_place("华东精工"), 0.9, 1),
        Argument("date", *_place("3月5日"), 0.9, None, 0),
        Argument("amount", *_place("12.5亿元"), 0.9, None, 1),
        Argument("object", *_place("江南铸造60%股权"), 0.7),
    ]
    document.events[3].arguments = [Argument("date", *_place("2023年9月"), 0.9, None, 2)]
    document.events[4].arguments = [Argument("amount", *_place("3亿元"), 0.9, None, 3)]
    return document


def flash(number: int) -> Document:
    """A short article about a company of its own."""
    name = f"星河{number}号"
    text = f"{name}宣布回购。"
    company = Entity(0, len(name), name, "COMPANY", 0.9, name, f"SZSE:{number:06}")
    buyback = Event(len(name) + 2, len(name) + 4, "回购", "buyback", 0.9)
    return Document(text, title=f"简讯{number}", entities=[company], events=[buyback])


def dated(*moments: str, published: str) -> Document:
    """A buyback at each of the moments."""
    text = "回购。" * len(moments)
    document = Document(text, published=datetime.fromisoformat(published))
    for place, moment in enumerate(map(datetime.fromisoformat, moments)):
        span = (3 * place, 3 * place + 2, "回购")
        date = Quantity(*span, "DATE", start_time=moment, end_time=moment)
        argument = Argument("date", *span, quantity=place)
        document.quantities.append(date)
        document.events.append(Event(*span, "buyback", group=place, arguments=[argument]))
    return document


def hostile() -> Document:
    end = len(_HOSTILE)
    return Document(
        _HOSTILE,
        title=_HOSTILE,
        source=_HOSTILE,
        entities=[Entity(0, end, _HOSTILE, "COMPANY", 0.9, _HOSTILE, _HOSTILE)],
        events=[Event(0, 9, _HOSTILE[:9], _HOSTILE, 0.9)],
    )


def long_article(characters: int) -> Document:
    """The sale told over and over, each time a happening of its own: a tenth as many spans."""
    template = sale()
    copies = characters // len(_TEXT) + 1
    document = Document("\n".join([_TEXT] * copies), title="长文")
    for copy in range(copies):
        shift = copy * (len(_TEXT) + 1)
        entity, quantity = len(document.entities), len(document.quantities)
        document.entities += [_moved(each, shift) for each in template.entities]
        document.quantities += [_moved(each, shift) for each in template.quantities]
        for event in template.events:
            moved = _moved(event, shift)
            moved.group += 4 * copy
            moved.arguments = [_moved(each, shift) for each in event.arguments]
            for each in moved.arguments:
                each.entity = None if each.entity is None else each.entity + entity
                each.quantity = None if each.quantity is None else each.quantity + quantity
            document.events.append(moved)
    return document


def _moved(span: Any, shift: int) -> Any:
    fields = {name: getattr(span, name) for name in span.__dataclass_fields__}
    return type(span)(**fields | {"start": span.start + shift, "end": span.end + shift})


class Page:
    """A page that the browser shows."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def first(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def shown(self, selector: str) -> list[str]:
        """The words of the selected elements that can be seen."""
        return [" ".join(each.text.split()) for each in self.all(selector) if each.is_displayed()]

    def span(self, words: str) -> WebElement:
        """The first span of the article that is shown with exactly these words."""
        return next(each for each in self.all("article:not([hidden]) .s") if each.text == words)

    def run(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def click(self, element: WebElement | str) -> None:
        element = self.first(element) if isinstance(element, str) else element
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def point(self, element: WebElement) -> None:
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        ActionChains(self.driver).move_to_element(element).perform()

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def wait(self, condition: Callable[[], object]) -> None:
        WebDriverWait(self.driver, 20).until(lambda _: condition())

    def in_view(self, element: WebElement) -> bool:
        """Whether the middle of the element is what stands at its place on the screen."""
        found: bool = self.run(
            "const [box] = arguments[0].getClientRects();"
            "const found = document.elementFromPoint("
            "box.x + box.width / 2, box.y + box.height / 2);"
            "return arguments[0] === found",
            element,
        )
        return found

    def emulate(self, mode: str = "light", width: int = 1280, height: int = 900) -> None:
        """Sets the colour scheme that a reader prefers, and the size of the window in pixels."""
        scheme = {"name": "prefers-color-scheme", "value": mode}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


Open = Callable[..., Page]


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in ("headless=new", "disable-gpu", "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument(f"--{argument}")
    if os.getuid() == 0:  # Chromium refuses its sandbox to root
        options.add_argument("--no-sandbox")
    started = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture
def open_page(driver: webdriver.Chrome, tmp_path: Path) -> Iterator[Open]:
    """Opens a page of the given articles; in the end its console must be empty."""
    opened = Page(driver)

    def show(*documents: Document, **emulated: Any) -> Page:
        path = tmp_path / "page.html"
        with path.open("wb") as stream:
            writer = HtmlWriter(stream)
            for document in documents:
                writer.write(document)
            writer.close()
        opened.emulate(**emulated)
        driver.get(path.as_uri())
        # On a busy machine the driver may be back before a long page is read to its end.
        opened.wait(lambda: opened.run("return document.readyState") == "complete")
        return opened

    driver.get("about:blank")
    driver.get_log("browser")
    yield show
    loaded = opened.run("return performance.getEntriesByType('resource').map((each) => each.name)")
    assert (driver.get_log("browser"), loaded) == ([], [])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_text_can_be_read_in_either_mode(open_page: Open, mode: str) -> None:
    page = open_page(sale(), mode=mode)
    page.click(".entities summary")
    page.click(".quantities summary")
    page.point(page.span("转让"))
    # WCAG 2.2 AA: text has a contrast of 4.5 to what lies behind it.
    assert page.run(_LOW_CONTRAST) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("page_of", ["server", "index"])
def test_the_example_in_an_empty_box_can_be_read(open_page: Open, mode: str, page_of: str) -> None:
    page = open_page(sale(), flash(1), mode=mode)
    if page_of == "server":
        page.driver.get((Path(str(files("tagger.server"))) / "home.html").as_uri())
    assert page.run(_PLACEHOLDER_CONTRAST) >= 4.5


def test_the_picture_shows_the_mode_and_the_colours_of_the_labels(open_page: Open) -> None:
    shares = {}
    for mode in ("light", "dark"):
        page = open_page(sale(), mode=mode)
        names = ("--card", "--e0", "--e5", "--event", "--number", "--time")
        colours = page.run(
            "const style = getComputedStyle(document.documentElement);"
            "return arguments[0].map((name) => style.getPropertyValue(name).trim())",
            names,
        )
        picture = page.driver.get_screenshot_as_base64()
        page.driver.get("about:blank")
        counts = page.driver.execute_async_script(_COUNT_PIXELS, picture, colours)
        shares[mode] = dict(zip(names, counts, strict=True))
    assert all(each["--card"] > 0.3 for each in shares.values())
    assert all(share > 0.0001 for each in shares.values() for share in each.values()), shares


def test_pointing_at_a_span_tells_what_is_known_of_it(open_page: Open) -> None:
    page = open_page(sale())
    page.point(page.span("12.5亿元"))
    page.wait(lambda: page.shown("#tip div"))
    assert page.shown("#tip div") == ["金额 MONEY 1,250,000,000 CNY", "金额 转让（减持出售）的金额"]
    page.point(page.span("转让"))
    assert page.shown("#tip div")[1:] == [
        "主体 华东精工 (SSE:600999)",
        "客体 江南铸造60%股权",
        "时间 3月5日 (2024-03-05)",
        "金额 12.5亿元 (1,250,000,000 CNY)",
    ]
    # The event lights up with its arguments, under the names of their roles.
    linked = {each.text: each.get_attribute("data-role") for each in page.all(".s.linked")}
    assert linked == {
        "3月5日": "时间",
        "华东精工": "主体",
        "12.5亿元": "金额",
        "转让": None,
        "江南铸造60%股权": "客体",
    }
    page.point(page.first(".caption"))
    page.wait(lambda: not page.shown("#tip"))


def test_a_tip_leads_to_the_arguments_of_its_event(open_page: Open) -> None:
    page = open_page(sale())
    page.point(page.span("回购"))
    page.point(page.first("#tip a"))
    page.first("#tip a").click()
    page.wait(lambda: "arrived" in (page.span("3亿元").get_attribute("class") or ""))
    assert page.in_view(page.span("3亿元"))


def test_spans_are_reached_with_the_keyboard(open_page: Open) -> None:
    page = open_page(sale())
    page.run("document.querySelector('.parts a:last-child').focus()")
    page.press(Keys.TAB)
    focused = [page.driver.switch_to.active_element.text]
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_LEFT):
        page.press(key)
        focused.append(page.driver.switch_to.active_element.text)
    assert focused == ["华东精工", "出售", "3月5日", "华东精工", "3月5日"]
    assert page.shown("#tip div") == ["日期 DATE 2024-03-05", "时间 转让（减持出售）的时间"]
    assert page.driver.switch_to.active_element.get_attribute("aria-describedby") == "tip"
    page.press(Keys.ENTER)
    assert page.driver.switch_to.active_element.text == "转让（减持出售）的时间"
    page.press(Keys.ESCAPE)
    assert (page.shown("#tip"), page.driver.switch_to.active_element.text) == ([], "3月5日")


def test_a_tap_shows_a_tip_and_one_beside_it_hides_it(open_page: Open) -> None:
    page = open_page(sale(), width=390, height=800)
    page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        _tap(page, page.span("北川港务"))
        page.wait(lambda: page.shown("#tip div"))
        assert page.shown("#tip div") == ["其他组织 ORGANIZATION 90%"]
        _tap(page, page.first(".caption"))
        page.wait(lambda: not page.shown("#tip"))
    finally:
        page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_filters_take_labels_and_types_away_and_bring_them_back(open_page: Open) -> None:
    page = open_page(sale())
    page.click(".entities summary")
    background = "return getComputedStyle(arguments[0]).backgroundColor"
    coloured = page.run(background, page.span("青山资本"))
    page.click("[data-label=COMPANY]")
    assert page.run(background, page.span("青山资本")) != coloured
    assert page.shown(".entities tbody") == ["北川港务 其他组织 ORGANIZATION 1"]
    page.click("[data-label=COMPANY]")
    assert page.run(background, page.span("青山资本")) == coloured
    assert len(page.shown(".entities tbody")) == 3

    page.click("[data-label=divestment]")
    assert [row.split()[0] for row in page.shown(".records tbody")] == ["裁员", "终止", "回购"]
    headings = [".records h3", ".timeline h3", ".timeline h4", ".entities summary"]
    assert [page.first(each).text for each in headings] == [
        "记录 records · 3/4",
        "时间线 timeline · 1/2",
        "没有日期 undated · 2",
        "实体 entities · 3 · 提及 4",
    ]
    assert len(page.shown(".timeline li")) == 3
    page.click("fieldset[data-layer=t] button")
    assert len(page.shown(".records tbody")) == 4
    page.click("fieldset[data-layer=t] button")
    assert (page.shown(".records tbody"), page.shown(".timeline li")) == ([], [])
    assert page.first(".records h3").text == "记录 records · 0/4"


def test_a_label_that_is_back_is_back_in_every_article(open_page: Open) -> None:
    page = open_page(sale(), flash(1))
    page.click(page.all(".articles .title a")[0])
    page.wait(lambda: page.shown("article") != [])
    page.click("[data-label=COMPANY]")
    assert page.all("article:not([hidden]) .e-off")
    page.click(page.all(".pager a")[2])
    page.wait(lambda: page.shown("article h2") == ["简讯1"])
    page.click("[data-label=COMPANY]")
    page.click(page.all(".pager a")[1])
    page.wait(lambda: page.shown("article h2") != ["简讯1"])
    assert page.all("article:not([hidden]) .e-off") == []


def test_records_are_sorted_by_a_click_on_a_column(open_page: Open) -> None:
    page = open_page(sale())
    figures = next(each for each in page.all(".records th button") if each.text.startswith("数额"))
    orders = []
    for _ in range(3):
        page.click(figures)
        state = page.run("return arguments[0].parentElement.ariaSort", figures)
        orders.append((state, [row.split()[0] for row in page.shown(".records tbody")]))
    assert orders == [
        ("ascending", ["回购", "转让", "裁员", "终止"]),
        ("descending", ["转让", "回购", "裁员", "终止"]),
        (None, ["转让", "裁员", "终止", "回购"]),
    ]


def test_a_record_and_the_timeline_lead_to_the_mention(open_page: Open) -> None:
    page = open_page(sale(), height=500)
    page.click(page.all(".records tbody .below")[2])
    page.wait(lambda: page.in_view(page.span("终止")))
    page.run("scrollTo(0, document.body.scrollHeight)")
    page.click(".timeline .undated a")
    page.wait(lambda: page.in_view(page.span("裁员")))


def test_the_index_narrows_the_list_of_articles(open_page: Open) -> None:
    page = open_page(sale(), flash(1), flash(2), hostile())
    titles = ".articles .title a"
    assert len(page.shown(titles)) == 4
    assert page.shown("article") == page.shown(".filters") == []
    page.first("[type=search]").send_keys("szse:0000")
    assert page.shown(titles) == ["简讯1", "简讯2"]
    assert page.shown(".selection") == ["4 篇中的 2 篇 清除条件"]
    companies = ".facet[data-part=companies] button"
    assert page.shown(companies) == ["星河1号 SZSE:000001 1 1", "星河2号 SZSE:000002 1 1"]
    assert [each.split(" · ")[-1] for each in page.shown(".facet summary")] == ["2/5", "1/5"]
    page.click(next(each for each in page.all(companies) if "2号" in each.text))
    assert page.shown(titles) == ["简讯2"]
    page.click(".selection button")
    page.click(next(each for each in page.all(".facet button") if "buyback" in each.text))
    assert page.shown(titles) == ["华东精工出售江南铸造股权", "简讯1", "简讯2"]
    page.click(page.all(".articles th button")[-1])
    assert page.shown(titles) == ["简讯1", "简讯2", "华东精工出售江南铸造股权"]


def test_an_article_of_the_index_is_opened_and_left_again(open_page: Open) -> None:
    page = open_page(sale(), flash(1), flash(2))
    page.click(page.all(".articles .title a")[1])
    page.wait(lambda: page.shown("article h2") == ["简讯1"])
    assert page.driver.title == "简讯1"
    # Of the filters those stay that the article has something for.
    assert page.shown(".chip") == ["公司 1", "回购 1"]
    page.click(page.all(".pager a")[2])
    page.wait(lambda: page.shown("article h2") == ["简讯2"])
    page.driver.back()
    page.wait(lambda: page.shown("article h2") == ["简讯1"])
    page.click(".pager a")
    page.wait(lambda: page.shown("article") == [])
    assert len(page.shown(".articles .title a")) == 3


def test_a_link_to_a_mention_opens_its_article(open_page: Open) -> None:
    page = open_page(flash(1), sale())
    page.run("location.hash = arguments[0]", f"a1p{_place('终止')[0]}")
    page.wait(lambda: page.shown("article h2") == ["华东精工出售江南铸造股权"])
    page.wait(lambda: page.in_view(page.span("终止")))


def test_hostile_text_does_nothing(open_page: Open) -> None:
    page = open_page(hostile(), sale())
    page.click(page.first(".articles .title a"))
    page.wait(lambda: page.shown("article h2"))
    assert page.shown("article h2")[0].startswith("</script><script>document.title")
    page.point(page.all("article:not([hidden]) .s")[0])
    assert page.shown("#tip div")[0].startswith("公司 COMPANY </script>")
    page.click(".chip.t:not([hidden]) input")
    assert page.shown(".records tbody") == []
    assert page.driver.title != "broken"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("days", "published"),
    [
        ("2024-03-01 2024-03-04 2024-03-09", "2024-03-05"),
        ("2022-01-01 2023-01-01", "2024-03-05"),
        ("2018-03-05 2023-09-18 2024-02-01", "2024-03-05"),
        ("1998-05-01 2024-03-01 2024-03-09", "2024-03-05"),
        ("2024-03-05T09:00 2024-03-05T21:00", "2024-03-06T09:30"),
    ],
)
def test_the_labels_of_the_time_axis_stand_apart(
    open_page: Open, days: str, published: str, width: int
) -> None:
    page = open_page(dated(*days.split(), published=published), width=width)
    boxes = page.run(
        "return [...document.querySelectorAll('.axis text')].map((label) => {"
        "const box = label.getBoundingClientRect();"
        "return [box.left, box.right, box.top, box.bottom] })"
    )
    assert len(boxes) > 1
    overlapping = [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
    ]
    assert overlapping == []


@pytest.mark.parametrize("documents", [(), (Document(""),), (Document("没有标注的短文。"),)])
def test_a_page_with_nothing_on_it_opens(open_page: Open, documents: tuple[Document, ...]) -> None:
    page = open_page(*documents)
    assert page.shown("body") != [""]
    assert page.shown(".filters") == []


def test_nothing_reaches_over_the_edge_of_a_telephone(open_page: Open) -> None:
    long_title = Document("正文。", title="没有空格的超长标题" * 20, source="Averylongword" * 20)
    for documents in ([sale()], [sale(), hostile(), long_title]):
        page = open_page(*documents, width=390, height=800)
        for place in ("", "#a0", "#a1", "#a2"):
            page.run("location.hash = arguments[0]", place)
            assert page.run("return document.documentElement.scrollWidth") <= 390, place


def test_what_fills_a_role_stands_one_below_the_other_on_a_telephone(open_page: Open) -> None:
    document = sale()
    document.events[1].arguments.append(Argument("amount", *_place("3亿元"), 0.9, None, 3))
    page = open_page(document, width=390, height=800)
    places = "return [...arguments[0].querySelectorAll('.filler')].map((each) => each.offsetLeft)"
    cell = next(each for each in page.all("td.fillers") if "3亿元" in each.text)
    first, second = page.run(places, cell)
    assert first == second


def test_the_names_above_neighbouring_triggers_stand_apart(open_page: Open) -> None:
    events = [
        Event(place, place + 2, text, "regulatory_action")
        for place, text in ((2, "立案"), (4, "调查"))
    ]
    page = open_page(Document("昨日立案调查。", events=events), width=390, height=800)
    # A name stands above the middle of its trigger.
    first, second = page.run(
        "return [...document.querySelectorAll('.s.t')].map((trigger) => {"
        "const box = trigger.getBoundingClientRect(), middle = (box.left + box.right) / 2;"
        "const half = parseFloat(getComputedStyle(trigger, '::before').width) / 2;"
        "return [middle - half, middle + half] })"
    )
    assert first[1] + 2 <= second[0]


def test_both_lists_of_the_index_fit_on_a_laptop(open_page: Open) -> None:
    documents = [flash(number) for number in range(40)]
    for document, kind in zip(documents, EVENT_TYPES, strict=False):
        document.events[0].type = kind
    page = open_page(*documents, width=1366, height=768)
    page.run("scrollTo(0, 500)")
    box = "return document.querySelector('.facets').getBoundingClientRect().bottom"
    assert page.run("return scrollY") == 500
    assert page.run(box) <= 768


def test_a_printed_article_has_its_labels_as_a_legend(open_page: Open) -> None:
    page = open_page(sale(), flash(1))
    page.run("location.hash = '#a1'")
    page.wait(lambda: page.shown("article h2") == ["简讯1"])
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page.shown(".chip, .pager, .filters summary") == ["公司 1", "回购 1"]
    position = "return getComputedStyle(document.querySelector('.top')).position"
    assert page.run(position) == "static"


def test_the_page_is_whole_without_its_script(open_page: Open) -> None:
    driver = open_page(flash(1)).driver
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = open_page(sale(), flash(1))
        shown = (len(page.shown("article h2")), len(page.shown(".records tbody")))
        assert shown == (2, 5)
        assert page.shown(".filters, .pager, .facets, .selection") == []
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_long_article_stays_responsive(open_page: Open) -> None:
    document = long_article(200_000)
    assert len(document.text) >= 200_000
    page = open_page(document)
    assert page.run("return document.querySelectorAll('.s').length") > 20_000
    # What is far away is not laid out: that keeps every click quick, however long the article.
    laid_out = "return arguments[0].checkVisibility({ contentVisibilityAuto: true })"
    ends = [
        page.all(selector)[-1] for selector in (".text .s", ".records tbody a", ".timeline li a")
    ]
    assert [page.run(laid_out, each) for each in ends] == [False] * 3
    assert page.run(laid_out, page.first(".text .s")) is True

    hidden = "return document.querySelectorAll('.records tbody.t-off').length"
    page.first("[data-label=divestment]").click()
    happenings = page.run("return document.querySelectorAll('.records tbody').length")
    assert page.run(hidden) == happenings // 4
    page.first("[data-label=divestment]").click()
    assert page.run(hidden) == 0

    page.run("document.querySelector('.records th:last-child button').click()")
    assert page.run("return document.querySelector('.records tbody a').textContent") == "裁员"
    last = page.all(".s.t")[-1]
    page.run("location.hash = arguments[0].id", last)
    page.wait(lambda: page.in_view(last))
    page.point(last)
    page.wait(lambda: page.shown("#tip div"))
    assert page.shown("#tip div")[0].startswith("回购 buyback")


def _tap(page: Page, element: WebElement) -> None:
    page.run("arguments[0].scrollIntoView({ block: 'center' })", element)
    place = page.run(
        "const [box] = arguments[0].getClientRects();"
        "return { x: box.x + box.width / 2, y: box.y + box.height / 2 }",
        element,
    )
    for kind, points in (("touchStart", [place]), ("touchEnd", [])):
        touch = {"type": kind, "touchPoints": points}
        page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", touch)


# The contrast of two colours as WCAG reckons it, and what lies behind an element.
_CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function channels(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}
function behind(element) {
  if (!element) return [255, 255, 255];
  const [red, green, blue, alpha] = channels(getComputedStyle(element).backgroundColor);
  if (alpha === 1) return [red, green, blue];
  const under = behind(element.parentElement);
  return [red, green, blue].map((each, place) => alpha * each + (1 - alpha) * under[place]);
}
function light(colour) {
  const [red, green, blue] = colour.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one, other) {
  const lights = [light(one), light(other)];
  return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
}
"""

# Every text that can be seen and has a contrast of less than 4.5 to what lies behind it.
_LOW_CONTRAST = (
    _CONTRAST
    + """
const low = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
  if (element.closest("svg, script")) continue;
  for (const part of [null, "::before", "::after"]) {
    const style = getComputedStyle(element, part);
    if (part && style.content === "none") continue;
    const found = contrast(channels(style.color).slice(0, 3), behind(element));
    if (found < 4.5) low.push([texts.currentNode.data, part, found]);
  }
}
return low;
"""
)

_PLACEHOLDER_CONTRAST = (
    _CONTRAST
    + """
const box = document.querySelector("[placeholder]");
const { color, opacity } = getComputedStyle(box, "::placeholder");
const share = channels(color)[3] * opacity;
const ground = behind(box);
const ink = ground.map((each, place) => share * channels(color)[place] + (1 - share) * each);
return contrast(ink, ground);
"""
)

# The share of each colour among the pixels of a picture, with a little tolerance.
_COUNT_PIXELS = """
const [picture, colours, done] = arguments;
const image = new Image();
image.onload = () => {
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  done(colours.map((colour) => {
    const wanted = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    let count = 0;
    for (let place = 0; place < data.length; place += 4) {
      if (wanted.every((each, channel) => Math.abs(each - data[place + channel]) <= 3)) count += 1;
    }
    return count / (image.width * image.height);
  }));
};
image.src = `data:image/png;base64,${picture}`;
"""
