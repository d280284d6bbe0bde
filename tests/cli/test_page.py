from html.parser import HTMLParser

from rts.cli.hunt_page import page
from tests.cli.summaries import AS_CLAIMED, PATH, UNEXPECTED_PATH, WRONG


class Balanced(HTMLParser):
    """Fails on a tag that is not closed where it must be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name in ("src", "href") for name, _ in attrs), "the page needs nothing but itself"
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_needs_nothing_else() -> None:
    parser = Balanced()
    parser.feed(page(AS_CLAIMED, {}))
    parser.close()
    assert parser.open == []
    assert "script" not in parser.seen
    assert parser.seen.count("details") == 1 + len(AS_CLAIMED.results)


def test_cells_say_verdict_count_and_claim() -> None:
    text = page(WRONG, {})
    assert '<td class="unexpected " title="violated; 500 judged; claimed: holds">✗ 500 !</td>' in text
    assert '<td class="holds " title="holds; 15,321 judged; claimed: holds">✓ 15k </td>' in text


def test_counterexamples_show_their_report_the_unexpected_opened() -> None:
    assert f"<code>rts replay {PATH}</code>" in page(AS_CLAIMED, {})
    text = page(WRONG, {UNEXPECTED_PATH: "x < y & z"})
    assert "<details open><summary>leader: <b>linearizable</b>, 4 steps, claimed to hold</summary>" in text
    assert "<pre>x &lt; y &amp; z</pre>" in text
