"""What a public venue does not show: which words are found, which are not, and what a policy's author is told."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vrclient import paths
from vrclient.app import opening
from vrclient.cli import check as command
from vrclient.showcase.policy import Policy, PolicyFile, read_policies, read_policy
from vrclient.showcase.settings import BadSettings

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
    return Policy("own.yaml", contents.severity, contents.rules)


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
    assert [one.name for one in read_policies(tmp_path)] == ["a.yml", "b.yaml"]


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
    """A venue with its own config/policy, and a showcase there that says 'lottery'."""
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config" / "policy").mkdir(parents=True)
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\ntitle: {zh: 彩票, en: A lottery}\n" + SPAWN, "utf-8")
    opening.venue_policies.cache_clear()
    yield tmp_path
    opening.venue_policies.cache_clear()


OWN = """\
severity: warning
rules:
  - id: games
    description: {en: no games of chance}
    terms: {zh: [彩票], en: [lottery]}
"""


def test_a_venue_adds_its_own_file(venue: Path, capsys: pytest.CaptureFixture[str]):
    (venue / "config" / "policy" / "own.yaml").write_text(OWN, "utf-8")
    assert command.check(["."]) == 0
    assert capsys.readouterr().out == (
        "showcase.yaml:2:13: warning[policy]: 'title' shows '彩票'; the rule 'games' of this venue says: no games of chance\n"
        "title: {zh: 彩票, en: A lottery}\n"
        "            ^^^^\n"
        "  help: leave it out; where it is harmless, add the whole phrase around it to 'allowed' of that rule in "
        "config/policy/own.yaml\n\n"
        "showcase.yaml:2:23: warning[policy]: 'title' shows 'lottery'; the rule 'games' of this venue says: no games of chance\n"
        "title: {zh: 彩票, en: A lottery}\n"
        "                        ^^^^^^^\n"
        "  help: leave it out; where it is harmless, add the whole phrase around it to 'allowed' of that rule in "
        "config/policy/own.yaml\n\n"
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
        ("[lottery]", "[a]", "'terms': 'a' is too short to be told from other words", "write a longer one"),
        ("[lottery]", "['$']", "'terms': '$' is too short to be told from other words", "write a longer one"),
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
