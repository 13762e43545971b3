"""What a public venue does not show: which words are found, which are not, and what a policy's author is told."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image
from pydantic import BaseModel

from vrclient import paths
from vrclient.app import opening
from vrclient.cli import check as command
from vrclient.elements import kinds
from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.findings import NOT_SHOWN, Findings, is_shown
from vrclient.showcase.models import ShowcaseFile
from vrclient.showcase.policy import Policy, PolicyFile, read_policies, read_policy
from vrclient.showcase.read import Reader
from vrclient.showcase.settings import BadSettings
from vrclient.showcase.shapes import Either, File, Group, Items, Row, Shape, Table, Text, keys_of
from vrclient.showcase.source_map import Entry, Mapping, Node, Scalar, Sequence, Source

(SHIPPED,) = read_policies(paths.config_folder() / "policy")
TERMS = sorted({(rule.id, term) for rule in SHIPPED.rules for terms in rule.terms.values() for term in terms})
ALLOWED = sorted({phrase for rule in SHIPPED.rules for phrases in rule.allowed.values() for phrase in phrases})
LATIN = [(rule, term) for rule, term in TERMS if term.isascii()]
NO_WORD = st.text(st.sampled_from(" ,.!?:;()[]《》“”'\"。，、\n0123456789+&…"), max_size=6)
HIDING = st.sampled_from(["", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\ufe0f"])


def words(text: str, policy: Policy = SHIPPED) -> list[str]:
    return [text[hit.start : hit.end] for hit in policy.hits(text)]


def policy(**keys: object) -> Policy:
    rule = {"id": "games", "description": {"en": "no games of chance"}, "terms": {"en": ["lottery"]}, **keys}
    contents = PolicyFile.model_validate({"rules": [rule]})
    return Policy(Path("own.yaml"), contents.severity, contents.rules)


@given(st.sampled_from(TERMS), NO_WORD, NO_WORD)
def test_a_term_among_anything_but_words_is_found_in_its_place(term: tuple[str, str], before: str, after: str):
    hits = SHIPPED.hits(f"{before}{term[1]}{after}")
    assert any(hit.start <= len(before) and hit.end >= len(before) + len(term[1]) for hit in hits)
    assert all(hit.start >= len(before) and hit.end <= len(before) + len(term[1]) for hit in hits)


@given(
    st.sampled_from([term.replace("-", "") for _, term in LATIN if " " not in term]),
    st.from_regex(r"[a-zà-öα-ω]{1,5}", fullmatch=True),
    st.sampled_from(["before", "after", "both"]),
    NO_WORD,
)
def test_a_term_inside_a_longer_word_is_not_found(term: str, letters: str, where: str, around: str):
    assume(where == "before" or not letters.startswith(("s", "es", "ies", "y")))
    word = {"before": letters + term, "after": term + letters, "both": letters + term + letters}[where]
    assert words(around + word + around) == []


@given(st.sampled_from(ALLOWED), NO_WORD, NO_WORD, st.sampled_from([str.lower, str.upper, str.title]))
def test_an_allowed_phrase_is_never_found(phrase: str, before: str, after: str, spell: type):
    assert words(f"{before}{spell(phrase)}{after}") == []


@given(st.sampled_from(TERMS), st.data())
def test_nothing_hides_a_term(term: tuple[str, str], data: st.DataObject):
    spelled = ""
    for character in term[1]:
        wide = chr(ord(character) + 0xFEE0) if "!" < character < "~" else character
        spelled += data.draw(st.sampled_from([character.lower(), character.upper(), wide])) + data.draw(HIDING)
    spelled = spelled.replace(" ", data.draw(st.sampled_from([" ", "  ", "-", "\n", " "])))
    assert SHIPPED.hits(f"at {spelled}, today"), spelled


@given(st.sampled_from([term for _, term in LATIN if len(term) >= 3]), st.sampled_from([" ", "-", ".", " . ", "·", "_", "\n"]))
def test_letters_apart_are_found(term: str, apart: str):
    letters = apart.join(term.replace("-", "").replace(" ", ""))
    assert letters in " ".join(words(f"at {letters} today"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tokenised clay, betokening spring; bitcoinless.", []),
        ("A token of friendship, tokens of thanks", []),
        ("Five tokens of thanks and a token.", ["token"]),
        ("古代币制展，现代 币章，各朝代币", []),
        ("发行代币，不是古代币", ["代币"]),
        ("交通证件与普通证书", []),
        ("长期货运与短期货物", []),
        ("crypto-currencies, Crypto currency, cryptocurrency", ["crypto-currencies", "Crypto currency", "cryptocurrency"]),
        ("decrypto, cryptography, crypto-graphic", []),
        ("N F T、n.f.t.和ＮＦＴｓ", ["N F T", "n.f.t", "ＮＦＴｓ"]),
        ("We gave it to Ken", []),
        ("bít\u00adcoïn", ["bít\u00adcoïn"]),
        ("b\u0131tcoin and bi\u0301tcoin", ["bi\u0301tcoin"]),
        ("BTC100，买token送NFT艺术", ["BTC", "token", "NFT"]),
        ("比 特·币ETF", ["比 特·币"]),
        ("比特幣與數字藏品", ["比特幣", "數字藏品"]),
        ("非同质化代币", ["非同质化代币"]),
        ("ETH Zürich built it", []),
        ("token's", ["token"]),
    ],
)
def test_words(text: str, found: list[str]):
    assert words(text) == found


@given(st.text(), st.sampled_from(TERMS), st.text())
def test_any_text_can_be_looked_through(before: str, term: tuple[str, str], after: str):
    text = before + term[1] + after
    hits = SHIPPED.hits(text)
    assert all(0 <= one.start < one.end <= len(text) for one in hits)
    assert [one.start for one in hits] == sorted(one.start for one in hits)


def test_every_file_of_the_folder_is_read(tmp_path: Path):
    for name in ("b.yaml", "a.yml", "c.yaml.old", "readme.txt"):
        (tmp_path / name).write_text(OWN, "utf-8")
    assert [one.file.name for one in read_policies(tmp_path)] == ["a.yml", "b.yaml"]


def test_an_allowed_phrase_is_only_for_its_rule():
    own = policy(terms={"en": ["lottery", "draw"]}, allowed={"en": ["lottery of babylon"]})
    assert words("The Lottery of Babylon, a LOTTERY and draws", own) == ["LOTTERY", "draws"]


def test_plurals_are_english():
    assert words("lotteries lottery lotterys", policy()) == ["lotteries", "lottery"]
    assert words("boxes box", policy(terms={"en": ["box"]})) == ["boxes", "box"]
    assert words("Lotto Lottos", policy(terms={"de": ["Lotto"]})) == ["Lotto"]


def test_a_number_at_the_end_goes_on():
    assert words("web3 web34 web3, web3x", policy(terms={"en": ["web3"]})) == ["web3", "web3"]


SPAWN = "origin: {lon_deg: 121.5, lat_deg: 31.2}\nelements:\n  - {kind: spawn, at: [0, -40]}\n"


@pytest.fixture
def venue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A venue with a config/policy that ships, no settings of the user, and a showcase there that says 'lottery'."""
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config" / "policy").mkdir(parents=True)
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\ntitle: {zh: 彩票, en: A lottery}\n" + SPAWN, "utf-8")
    opening.venue_policies.cache_clear()
    yield tmp_path
    opening.venue_policies.cache_clear()


ALIKE = dict(zip("aceiopxnT", "\u0430\u0441\u0435\u0456\u043e\u0440\u0445\u03b7\u0422", strict=True))


@given(st.sampled_from([term for _, term in LATIN]), st.data())
def test_letters_of_another_script_hide_nothing(term: str, data: st.DataObject):
    written = "".join(data.draw(st.sampled_from([one, ALIKE.get(one, one)])) for one in term)
    assert SHIPPED.hits(f"at {written}, today"), written


CARD = (
    "{kind: counter, id: c, title: {zh: 一, en: a}, at: [0, 9], "
    "services: [{title: {zh: 一, en: a}, url: URL, checked: 2026-01-01}]}"
)
SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\n一\n\n2\n00:00:03,000 --> 00:00:04,000\nWe sell bit\ncoin\n"
FILM = Path(__file__).parents[1] / "media/opening.mp4"


@pytest.mark.parametrize(
    ("element", "message"),
    [
        (CARD.replace("URL", url), f"'url' shows '{word}'")
        for url, word in [
            ("https://example.org/buy?item=nft", "nft"),
            ("https://example.org/b%69tcoin", "bitcoin"),
            ("https://example.org/b%2569tcoin", "bitcoin"),
            ("https://xn--bitoin-krf.org/", "bit\u0441oin"),
            ("https://BITCOIN.example.org", "BITCOIN"),
            ("https://example.org/%E6%AF%94%E7%89%B9%E5%B8%81", "比特币"),
        ]
    ]
    + [
        ("{kind: portal, id: p, title: {zh: 一, en: a}, to: nft-city, at: [0, 9]}", "'to' shows 'nft'"),
        ("{kind: panel, title: {zh: 一, en: a}, at: [0, 9], image: token_sale.png}", "'image' shows 'token_sale'"),
        ("{kind: viewpoint, id: bitcoin_hall, at: [0, 9], heading_deg: 0}", "'id' shows 'bitcoin'"),
        ("{kind: road, layer: nft, path: [[0, 0], [9, 9]]}", "'layer' shows 'nft'"),
        ("{kind: screen, title: {zh: 一, en: a}, at: [0, 9], video: a.mp4, subtitles: {zh: a.srt}}",
         "'zh': 'a.srt', line 7 shows 'bit coin'"),
    ],
)  # fmt: skip
def test_whatever_a_visitor_reads_or_scans_is_looked_into(tmp_path: Path, element: str, message: str):
    Image.new("RGB", (4, 4)).save(tmp_path / "token_sale.png")
    shutil.copy(FILM, tmp_path / "a.mp4")
    (tmp_path / "a.srt").write_text(
        "1\n00:00:01,000 --> 00:00:02,000\n一\n\n2\n00:00:03,000 --> 00:00:04,000\nWe sell bit\ncoin\n", "utf-8"
    )
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\ntitle: {zh: 一, en: a}\n" + SPAWN + f"  - {element}\n", "utf-8")
    found = [one for one in opening.load(tmp_path).diagnostics if one.code == "policy"]
    assert found and all(message in one.message for one in found), found


def keys_of_texts(shape: Shape, key: str = "") -> Iterator[tuple[Shape, str]]:
    """Every text and file of a shape, with the key that it stands under."""
    match shape:
        case Text() | File():
            yield shape, key
        case Group():
            for one in keys_of(shape.model).values():
                yield from keys_of_texts(one.shape, one.name)
        case Items():
            yield from keys_of_texts(shape.item, key)
        case Row():
            for one in shape.items:
                yield from keys_of_texts(one, key)
        case Table():
            if not shape.localized:  # those are found as texts by language
                yield from keys_of_texts(shape.key, key)
                yield from keys_of_texts(shape.value, key)
        case Either():
            for one in shape.variants:
                yield from keys_of_texts(one, key)


MODELS = [ShowcaseFile, *(kind.model for kind in kinds().values())]


def test_every_text_of_the_format_is_looked_into_or_is_said_why_not():
    hidden = {key for model in MODELS for shape, key in keys_of_texts(Group(model)) if not is_shown(shape, key)}
    colors = {
        key
        for key in hidden
        if key.endswith("color") or key in ("colors", "roof_colors", "tint", "ink", "accent", "glow", "board")
    }
    languages, references = {"subtitles", "narration"}, {"along", "area", "exclude", "view"}
    assert hidden - colors - languages - references == set(NOT_SHOWN)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_shown_is_found_when_it_is_read(model: type[BaseModel]):
    """Each text of a model in turn, written as 'NFT', comes to the policy."""

    def written(shape: Shape) -> Iterator[tuple[Node, Shape]]:
        text = Scalar("NFT", False, 0, 0, 3)
        match shape:
            case Text() | File():
                yield text, shape
            case Items():
                yield from ((Sequence((node,), 0, 0, 1), leaf) for node, leaf in written(shape.item))
            case Table():
                yield from (
                    (Mapping((Entry(Scalar("zh", True, 0, 0, 2), node),), 0, 0, 1), leaf) for node, leaf in written(shape.value)
                )
            case Group():
                for key in keys_of(shape.model).values():
                    name = Scalar(key.name, True, 0, 0, 1)
                    yield from ((Mapping((Entry(name, node),), 0, 0, 1), (leaf, key.name)) for node, leaf in written(key.shape))
            case Either():
                for variant in shape.variants:
                    yield from written(variant)

    source = Source.from_text(Path("a.yaml"), "x")
    for node, leaf in written(Group(model)):
        while isinstance(leaf[0], tuple):
            leaf = leaf[0]
        findings = Findings()
        Reader(source, AssetFolder(Path()), Problems(), findings).model(node, model, "a")
        seen = [one.node.text for one in findings.words] + [
            entry.value.text for one in findings.texts for entry in one.node.entries
        ]
        assert ("NFT" in seen) == is_shown(*leaf), leaf


OWN = """\
severity: warning
rules:
  - id: games
    description: {en: no games of chance}
    terms: {zh: [彩票], en: [lottery]}
"""


def test_what_is_said_leads_to_a_file_of_ones_own_that_allows_it(venue: Path, capsys: pytest.CaptureFixture[str]):
    shipped, own = venue / "config/policy/own.yaml", venue / "user/vrclient/policy/own.yaml"
    shipped.write_text(OWN, "utf-8")
    assert command.check(["."]) == 0
    add = "add the whole phrase around it to 'allowed' of that rule"
    assert capsys.readouterr().out == said(f"copy '{shipped}' to '{own}', which then takes its place, and {add} there")
    own.parent.mkdir(parents=True)
    shutil.copy(shipped, own)
    opening.venue_policies.cache_clear()
    assert command.check(["."]) == 0
    assert capsys.readouterr().out == said(f"{add} in '{own}'")
    own.write_text(OWN + "    allowed: {zh: [彩票], en: [a lottery]}\n", "utf-8")
    opening.venue_policies.cache_clear()
    assert command.check(["."]) == 0
    assert capsys.readouterr().out == "showcase.yaml: fine (1 element, 1 file)\n"


def said(remedy: str) -> str:
    return (
        "showcase.yaml:2:13: warning[policy]: 'title' shows '彩票'; the rule 'games' of this venue says: no games of chance\n"
        "title: {zh: 彩票, en: A lottery}\n"
        "            ^^^^\n"
        f"  help: leave it out; where it is harmless, {remedy}\n\n"
        "showcase.yaml:2:23: warning[policy]: 'title' shows 'lottery'; the rule 'games' of this venue says: no games of chance\n"
        "title: {zh: 彩票, en: A lottery}\n"
        "                        ^^^^^^^\n"
        f"  help: leave it out; where it is harmless, {remedy}\n\n"
        "showcase.yaml: fine with 2 warnings (1 element, 1 file)\n"
    )


def test_an_error_keeps_the_showcase_from_being_shown(venue: Path):
    (venue / "config" / "policy" / "own.yaml").write_text(OWN.replace("warning", "error"), "utf-8")
    with pytest.raises(opening.BadShowcase) as error:
        opening.open_showcase(venue / "showcase.yaml")
    assert [one.code for one in error.value.diagnostics] == ["policy", "policy"]


def test_without_a_folder_everything_is_shown(venue: Path):
    (venue / "config" / "policy").rmdir()
    assert opening.load(venue / "showcase.yaml").diagnostics == ()


def test_a_policy_that_cannot_be_read_is_said_and_nothing_is_shown(venue: Path, capsys: pytest.CaptureFixture[str]):
    (venue / "config" / "policy" / "own.yaml").write_text(OWN.replace("terms:", "trems:"), "utf-8")
    assert command.check(["."]) == 2
    assert command.list_showcases() == 2
    with pytest.raises(BadSettings):
        opening.open_showcase(venue / "showcase.yaml")
    told = capsys.readouterr().err.split("vrclient list: ")[0].replace(f"{venue}/", "")
    assert told == (
        "vrclient check: config/policy/own.yaml:5:5: error[unknown-key]: 'trems' is not a key of 'rules'\n"
        "    trems: {zh: [彩票], en: [lottery]}\n"
        "    ^^^^^\n"
        "  help: did you mean 'terms'?\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "message", "help"),
    [
        ("{zh: [彩票], en: [lottery]}", "{en: []}", "'terms' has no words", "add for example terms: {en: [lottery]}"),
        ("[lottery]", "[a]", "'terms': 'a' is too short to be told apart from other words", "write a longer one"),
        ("[lottery]", "['$']", "'terms': '$' is too short to be told apart from other words", "write a longer one"),
        ("warning", "fatal", "'severity' must be 'error' or 'warning', not 'fatal'", "for example severity: error"),
    ],
)
def test_what_a_policys_author_is_told(tmp_path: Path, before: str, after: str, message: str, help: str):
    file = tmp_path / "own.yaml"
    file.write_text(OWN.replace(before, after), "utf-8")
    with pytest.raises(BadSettings) as error:
        read_policy(file)
    first, *_, last = str(error.value).splitlines()
    assert message in first
    assert last == f"  help: {help}"


def test_two_rules_of_the_same_name_are_told(tmp_path: Path):
    file = tmp_path / "own.yaml"
    file.write_text(OWN + OWN.split("rules:\n")[1], "utf-8")
    with pytest.raises(BadSettings, match=r"'rules' has two rules with the id 'games'\n(.*\n)*  help: give one of them"):
        read_policy(file)
