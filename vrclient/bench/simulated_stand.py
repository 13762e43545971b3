"""A stand without a client: it keeps to `Stand`, changes its state as it is told to, and has no time of its own."""

import datetime
import io
import threading
import uuid
from collections.abc import Callable

from PIL import Image, ImageDraw

from vrclient.kiosk.commands import Command, Reply
from vrclient.kiosk.status import Battery, Listed, Picture, Rung, SessionState, Status, Visits, Words

DONE = Words(zh="好的", en="done")
SHOWCASES = (
    Listed(name="fengxian", title=Words(zh="奉贤·九棵树", en="Fengxian, Nine Trees")),
    Listed(name="zhangjiajie", title=Words(zh="张家界", en="Zhangjiajie")),
)


def drawn(size: tuple[int, int] = (320, 180), words: str = "fengxian") -> bytes:
    """A JPEG with something to see in it."""
    picture = Image.new("RGB", size, (24, 44, 72))
    pen = ImageDraw.Draw(picture)
    width, height = size
    pen.rectangle((0, height * 0.62, width, height), fill=(38, 62, 46))
    pen.ellipse((width * 0.7, height * 0.1, width * 0.8, height * 0.1 + width * 0.1), fill=(240, 214, 160))
    for x in range(0, width, 24):
        pen.rectangle((x, height * 0.45, x + 12, height * 0.62), fill=(70, 86, 104))
    pen.text((12, height - 24), words, fill=(255, 255, 255))
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


class SimulatedStand:
    """`changed` is called with the stand after every change; `heard` has every command that was carried out."""

    def __init__(self, name: str = "foyer-1", /, *, changed: Callable[[], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._changed = changed
        self.heard: list[Command] = []
        self.shown: Picture | None = Picture(data=drawn(), media_type="image/jpeg", width=320, height=180, age_s=0.4)
        self._status = Status(
            stand=name, title=Words(zh="大厅一号", en="Foyer 1"), version="0.1.0", boot=uuid.uuid4().hex[:12], sequence=0,
            at=datetime.datetime.now(datetime.UTC), state=SessionState.ATTRACT, rung=Rung.HEADSET, frame_age_s=0.02,
            content_age_s=0.3, showcase="fengxian", playlist=SHOWCASES, language="zh", languages=("zh", "en"), volume_percent=80,
            locked=True, headset_worn=False, visits=Visits(today=12, completed=9),
            batteries=(Battery(device="headset", charge=0.83), Battery(device="left", charge=0.6),
                       Battery(device="right", charge=0.18, charging=False)),
        )  # fmt: skip

    def status(self) -> Status:
        with self._lock:
            return self._status

    def picture(self) -> Picture | None:
        return self.shown

    def change(self, **values: object) -> None:
        """Some values of the status become these."""
        with self._lock:
            known = {name: getattr(self._status, name) for name in Status.model_fields}
            known |= values | {"sequence": self._status.sequence + 1, "at": datetime.datetime.now(datetime.UTC)}
            self._status = Status(**known)
        if self._changed is not None:
            self._changed()

    def do(self, command: Command, /) -> Reply:
        self.heard.append(command)
        was, given = self.status(), command.arguments
        match command.name:
            case "start":
                self.change(
                    state=SessionState.TOUR, left_s=600.0, headset_worn=True, showcase=given.get("showcase", was.showcase),
                    language=given.get("language", was.language),
                )  # fmt: skip
            case "stop":
                if not was.state.visited:
                    return Reply(False, Words(zh="现在没有参观", en="there is no visit now"))
                self.change(state=SessionState.END, left_s=20.0, headset_worn=False)
            case "extend":
                if was.left_s is None:
                    return Reply(False, Words(zh="现在没有参观", en="there is no visit now"))
                self.change(left_s=was.left_s + 60.0 * int(given["minutes"]))
            case "next":
                names = [one.name for one in was.playlist]
                self.change(showcase=names[(names.index(str(was.showcase)) + 1) % len(names)])
            case "clean":
                self.change(state=SessionState.ATTRACT if given["done"] else SessionState.CLEAN, left_s=None)
            case "language":
                if given["language"] not in was.languages:
                    return Reply(False, Words(zh="没有这种语言", en="that language is not there"))
                self.change(language=given["language"])
            case "volume":
                self.change(volume_percent=given["percent"])
            case "message":
                self.change(message=given["text"] or None)
            case "lock" | "unlock":
                self.change(locked=command.name == "lock")
            case "logs":
                return Reply(True, DONE, ["12:00:00 client started", "12:00:03 headset found"])
        return Reply(True, DONE)
