"""What can be asked of a stand: one table for the command line, the operator's page and MQTT, with what each takes, is called and
means in Chinese and English, and who may ask. Whatever comes from outside becomes a `Command` through `command` alone.

`Stand` is the contract of who carries commands out; `carry_out` is what every mouth calls. What a command does is the
supervisor's."""

import base64
import logging
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from vrclient.kiosk.status import MAX_MESSAGE, Picture, Status, Words

log = logging.getLogger(__name__)

ArgumentValue = str | int | bool


class Who(IntEnum):
    """Who asks; each may what the one before may."""

    ATTENDANT = 1
    TECHNICIAN = 2


class Takes(StrEnum):
    """The type of an argument."""

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument. `lowest` and `highest` are an integer's bounds, or a text's shortest and longest length in characters.
    `default` None: it may be absent where `required` is false, and is then absent from the command, too."""

    name: str
    takes: Takes
    label: Words
    lowest: int = 0
    highest: int = 0
    required: bool = False
    default: ArgumentValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKind:
    """A row of the table. `confirmed`: a page asks once more before it sends it."""

    name: str
    label: Words
    meaning: Words
    who: Who
    arguments: tuple[Argument, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose arguments are right; `by` is the mouth it came through: ctl, page or mqtt."""

    name: str
    arguments: Mapping[str, ArgumentValue] = field(default_factory=dict)
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a command: whether it is done, and what is said to whoever asked. `value` is what was asked for, as
    JSON has it: of logs a list of lines."""

    done: bool
    said: Words
    value: Any = None


class Refused(ValueError):
    """A command that is not carried out, and why."""

    def __init__(self, said: Words) -> None:
        super().__init__(said.en)
        self.said = said


class Stand(Protocol):
    """One stand, as the mouths know it. Every method may be called from any thread, and is back at once (at most a second)."""

    def status(self) -> Status: ...

    def picture(self) -> Picture | None:
        """None where nothing can be taken off the glass."""
        ...

    def do(self, command: Command, /) -> Reply:
        """Carries out everything but status and screenshot; raises nothing."""
        ...


def _argument(name: str, takes: Takes, zh: str, en: str, **rest: Any) -> Argument:
    return Argument(name=name, takes=takes, label=Words(zh=zh, en=en), **rest)


def _kind(
    name: str, zh: str, en: str, meaning_zh: str, meaning_en: str, who: Who, /, *arguments: Argument, **rest: Any
) -> CommandKind:
    label, meaning = Words(zh=zh, en=en), Words(zh=meaning_zh, en=meaning_en)
    return CommandKind(name=name, label=label, meaning=meaning, who=who, arguments=arguments, **rest)


_A, _T = Who.ATTENDANT, Who.TECHNICIAN
_SHOWCASE = _argument("showcase", Takes.TEXT, "展项", "Showcase", lowest=1, highest=200)
_IN_LANGUAGE = _argument("language", Takes.TEXT, "语言", "Language", lowest=2, highest=12)
_LANGUAGE = replace(_IN_LANGUAGE, required=True)
_MINUTES = _argument("minutes", Takes.INTEGER, "分钟", "Minutes", lowest=1, highest=60, default=5)
_DONE = _argument("done", Takes.FLAG, "已完成", "Done", default=False)
_PERCENT = _argument("percent", Takes.INTEGER, "百分比", "Percent", lowest=0, highest=100, required=True)
_TEXT = _argument("text", Takes.TEXT, "文字", "Text", lowest=0, highest=MAX_MESSAGE, required=True)
_SECONDS = _argument("seconds", Takes.INTEGER, "秒", "Seconds", lowest=5, highest=86400, default=60)
_LINES = _argument("lines", Takes.INTEGER, "行数", "Lines", lowest=1, highest=1000, default=100)

# fmt: off
KINDS: tuple[CommandKind, ...] = (
    _kind("status", "状态", "Status", "展台现在的状态。", "How the stand is now.", _A),
    _kind("screenshot", "画面", "Picture", "屏幕上现在的画面。", "What is on the glass now.", _A),
    _kind("start", "开始", "Start", "为下一位观众开始参观。", "Begins a visit for the next visitor.", _A,
          _SHOWCASE, _IN_LANGUAGE),
    _kind("stop", "结束", "End", "结束这次参观。", "Ends the visit.", _A, confirmed=True),
    _kind("extend", "延长", "Extend", "延长这次参观的时间。", "Gives the visitor more time.", _A, _MINUTES),
    _kind("next", "下一个", "Next", "换到下一个展项。", "Goes on to the next showcase.", _A),
    _kind("clean", "清洁", "Clean", "头显需要清洁；加上“已完成”表示已经清洁。",
          "The headset is to be cleaned; with 'done' it has been.", _A, _DONE),
    _kind("language", "语言", "Language", "换一种语言。", "Changes the language.", _A, _LANGUAGE),
    _kind("volume", "音量", "Volume", "音量，0 到 100。", "How loud it is, 0 to 100.", _A, _PERCENT),
    _kind("message", "留言", "Message", "在屏幕上显示一句话；留空则取消。",
          "Writes a line on the glass; an empty one takes it away.", _A, _TEXT, _SECONDS),
    _kind("restart", "重启", "Restart", "重新启动展示程序，几秒后画面恢复。",
          "Starts the client again; the picture is back in seconds.", _T, confirmed=True),
    _kind("reload", "重新读取", "Reload", "重新读取设置和内容，在两次参观之间生效。",
          "Reads settings and content again; they count from the next visit on.", _T),
    _kind("rollback", "退回上一版", "Roll back", "换回上一版可用的内容。", "Goes back to the content before this one.", _T,
          confirmed=True),
    _kind("lock", "锁定", "Lock", "锁定屏幕，按键不起作用。", "Locks the screen: keys do nothing.", _T),
    _kind("unlock", "解锁", "Unlock", "解锁屏幕，以便维护。", "Unlocks the screen for maintenance.", _T, confirmed=True),
    _kind("logs", "日志", "Logs", "最近的日志。", "The last lines of the log.", _T, _LINES),
)
# fmt: on

_BY_NAME = {kind.name: kind for kind in KINDS}
_ALL = ", ".join(_BY_NAME)
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def kind_of(name: object, /) -> CommandKind:
    """The row of that name. Raises Refused, with the list of all."""
    kind = _BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Refused(
            Words(
                zh=f"没有{_quoted(name)}这个命令；可用的命令：{_ALL}",
                en=f"there is no command {_quoted(name)}; there are: {_ALL}",
            )
        )
    return kind


def command(name: object, arguments: object = None, /, *, who: Who, by: str) -> Command:
    """The command that somebody asks for, checked. `arguments` is a mapping of names to values as JSON has them, or None;
    integers and flags are understood as text, too. Raises Refused for whatever is not right, whatever it is."""
    kind = kind_of(name)
    if kind.who > who:
        raise Refused(Words(zh=f"“{kind.label.zh}”只有技术人员可以使用", en=f"'{kind.name}' is for technicians"))
    given: Mapping[object, object] = arguments if isinstance(arguments, Mapping) else {}
    if arguments is not None and given is not arguments:
        raise Refused(Words(zh="参数必须是“名称: 值”", en="arguments are names with values"))
    known = {argument.name for argument in kind.arguments}
    if strange := [one for one in given if one not in known]:
        raise _wrong(kind, f"没有{_quoted(strange[0])}这个参数", f"takes no {_quoted(strange[0])}")
    values: dict[str, ArgumentValue] = {}
    for argument in kind.arguments:
        found = given.get(argument.name)
        if found is not None:
            values[argument.name] = _value(kind, argument, found)
        elif argument.required:
            raise _wrong(kind, f"缺少“{argument.label.zh}”", f"wants '{argument.name}'")
        elif argument.default is not None:
            values[argument.name] = argument.default
    return Command(kind.name, values, by)


def carry_out(stand: Stand, asked: Command, /) -> Reply:
    """Has it done, and raises nothing. A status and a picture are values as JSON has them, a picture's `data` in base64."""
    try:
        return _carried_out(stand, asked)
    except Exception:
        log.exception("the command %s has failed", asked.name)
        return Reply(False, Words(zh="程序出错，详情见日志", en="it has failed by a fault of the program; the log says more"))


def _carried_out(stand: Stand, asked: Command) -> Reply:
    if asked.name == "status":
        return Reply(True, Words(zh="展台状态", en="the stand's status"), stand.status().model_dump(mode="json"))
    if asked.name == "screenshot":
        picture = stand.picture()
        if picture is None:
            return Reply(False, Words(zh="现在没有画面可取", en="no picture can be taken off the glass now"))
        value = picture.model_dump(mode="json", exclude={"data"}) | {"data": base64.b64encode(picture.data).decode("ascii")}
        age = f"{picture.age_s:.0f} s"
        return Reply(True, Words(zh=f"{age} 前的画面", en=f"the picture of {age} ago"), value)
    reply = stand.do(asked)
    if asked.name != "logs":
        log.info("command '%s' (%s): %s", asked.name, asked.by, reply.said.en)
    return reply


def from_words(name: str, words: Sequence[str], /, *, who: Who, by: str) -> Command:
    """The command as it is typed: arguments in their order, or as name=value in any; the name of a flag alone sets it. Raises
    Refused."""
    kind = kind_of(name)
    by_name = {argument.name: argument for argument in kind.arguments}
    given: dict[str, str] = {}
    for word in words:
        left, equals, right = word.partition("=")
        if equals and left in by_name:
            given[left] = right
        elif word in by_name and by_name[word].takes is Takes.FLAG:
            given[word] = "true"
        elif (free := next((one for one in by_name if one not in given), None)) is not None:
            given[free] = word
        else:
            raise _wrong(kind, f"不需要{_quoted(word)}", f"takes no {_quoted(word)}")
    return command(name, given, who=who, by=by)


def _value(kind: CommandKind, argument: Argument, found: object) -> ArgumentValue:
    zh, name = f"“{argument.label.zh}”", f"'{argument.name}'"
    low, high = argument.lowest, argument.highest
    match argument.takes:
        case Takes.FLAG:
            text = str(found).lower() if isinstance(found, str | bool | int) else ""
            if text not in _TRUE + _FALSE:
                raise _wrong(kind, f"{zh}只能是 true 或 false", f"wants true or false for {name}")
            return text in _TRUE
        case Takes.INTEGER:
            number = _integer(found)
            if number is None or not low <= number <= high:
                raise _wrong(kind, f"{zh}是 {low} 到 {high} 的整数", f"wants a whole number from {low} to {high} for {name}")
            return number
        case Takes.TEXT:
            if not isinstance(found, str) or not low <= len(found) <= high:
                raise _wrong(kind, f"{zh}是 {low} 到 {high} 个字符", f"wants a text of {low} to {high} characters for {name}")
            if any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in found):
                raise _wrong(kind, f"{zh}只能是一行文字", f"wants one line of text for {name}")
            return found


def _integer(found: object) -> int | None:
    if isinstance(found, str) and len(found) <= 12 and found.isascii() and found.removeprefix("-").isdecimal():
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _wrong(kind: CommandKind, zh: str, en: str) -> Refused:
    return Refused(Words(zh=f"“{kind.label.zh}”：{zh}", en=f"'{kind.name}' {en}"))


def _quoted(found: object) -> str:
    text = found if isinstance(found, str) else type(found).__name__
    shown = "".join(one if one.isprintable() else "?" for one in text[:40])
    return f"'{shown}{'...' if len(text) > 40 else ''}'"
