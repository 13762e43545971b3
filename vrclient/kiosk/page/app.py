"""The addresses of the page, and what each answers. Everything under /api/ but `login` wants a login.

    /                  the page itself; /hall the attendants'; /files/ what they are made of: no secrets in any of it
    /api/login         POST {"pin": "..."}: a cookie, and the token for commands
    /api/session       who that is, the token, and the table of commands
    /api/events        the status, once a second and after every change (server-sent events)
    /api/picture       what is on the glass; X-Age has its age in seconds
    /api/command       POST {"command": ..., "arguments": {...}} with X-Token
    /api/hall/...      the same for the stands of a hall; pictures and commands name the stand
    /metrics           Prometheus, where the settings say so

Stand and broker are called in threads: no request keeps another waiting."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from vrclient.kiosk.commands import KINDS, Command, CommandKind, Refused, Reply, Stand, Who, carry_out, command
from vrclient.kiosk.page import metrics
from vrclient.kiosk.page.guard import Guard
from vrclient.kiosk.page.logins import Login, Logins, is_token
from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.pins import Patience, is_right
from vrclient.kiosk.status import Words

FILES = Path(__file__).parent / "files"
EVERY_S, LOOKED_S = 1.0, 0.2
"""Seconds between two statuses that are told, and between two looks for a change."""
MAX_LISTENERS = 24


class Stands(Protocol):
    """The stands of a hall, as the attendants' page knows them. Every method may be called from any thread."""

    def tiles(self) -> list[dict[str, Any]]:
        """One for each, as JSON has it: the last `status`, whether it is `online`, and `heard_s`, the status' age."""
        ...

    def ask(self, stand: str, asked: Command, /) -> Reply:
        """Has a stand of that name carry it out; waits for its answer, but not long."""
        ...


class Page:
    """What the addresses share."""

    def __init__(self, stand: Stand, settings: PageSettings, /, *, hall: Stands | None = None) -> None:
        self.stand = stand
        self.settings = settings
        self.hall = hall if settings.hall else None
        self.logins = Logins()
        self.patience = Patience()
        self.cookie = "stand" if settings.certificate is None else "__Host-stand"
        self.closing = False
        self.listeners = 0
        self._pins = asyncio.Lock()
        """One PIN is looked at at a time: many at once could not outrun the delay, nor take all memory."""

    def app(self) -> ASGIApp:
        """The application."""
        routes: list[Route | Mount] = [
            Route("/", lambda _: FileResponse(FILES / "operator.html")),
            Route("/api/login", self.login, methods=["POST"]),
            Route("/api/logout", self.logout, methods=["POST"]),
            Route("/api/session", self.who_is_it),
            Route("/api/events", self.events),
            Route("/api/picture", self.picture),
            Route("/api/command", self.command, methods=["POST"]),
            Mount("/files", StaticFiles(directory=FILES)),
        ]
        if self.settings.metrics:
            routes.append(Route("/metrics", self.measured))
        if self.hall is not None:
            routes += [
                Route("/hall", lambda _: FileResponse(FILES / "hall.html")),
                Route("/api/hall/events", self.hall_events),
                Route("/api/hall/picture", self.hall_picture),
                Route("/api/hall/command", self.hall_command, methods=["POST"]),
            ]
        failed = {404: _not_found, 405: _not_found, 500: _failed}
        return Guard(Starlette(routes=routes, exception_handlers=failed), settings=self.settings)

    async def login(self, request: Request) -> Response:
        given = (await _body(request)).get("pin")
        source = request.client.host if request.client else "?"
        async with self._pins:
            if (wait := self.patience.wait_s(source)) > 0.0:
                said = Words(zh=f"PIN 错误次数过多，请等 {wait:.0f} 秒", en=f"too many wrong PINs; wait {wait:.0f} s")
                return _told(Reply(False, said, {"wait_s": wait}), 429, {"Retry-After": f"{wait:.0f}"})
            who = await run_in_threadpool(self._who, given) if isinstance(given, str) else None
            if who is None:
                self.patience.wrong(source)
                wait = self.patience.wait_s(source)
                if self.settings.pin_hash is None and self.settings.technician_pin_hash is None:
                    said = Words(zh="还没有设置 PIN：请运行 vrclient pin", en="no PIN is set; 'vrclient pin' makes one")
                else:
                    said = Words(zh="PIN 不对", en="that is not the PIN")
                return _told(Reply(False, said, {"wait_s": wait}), 403)
            self.patience.right(source)
        cookie, known = self.logins.begin(who)
        answer = JSONResponse(_introduced(known, self.hall is not None))
        answer.set_cookie(self.cookie, cookie, httponly=True, samesite="strict", secure=self.settings.certificate is not None)
        return answer

    async def logout(self, request: Request) -> Response:
        self.logins.end(request.cookies.get(self.cookie))
        answer = JSONResponse({"done": True})
        answer.delete_cookie(self.cookie, httponly=True, samesite="strict", secure=self.settings.certificate is not None)
        return answer

    async def who_is_it(self, request: Request) -> Response:
        known = self._login(request)
        return _stranger() if known is None else JSONResponse(_introduced(known, self.hall is not None))

    async def events(self, request: Request) -> Response:
        return self._live(request, lambda: self.stand.status().model_dump(mode="json"), lambda found: found["sequence"])

    async def picture(self, request: Request) -> Response:
        if self._login(request) is None:
            return _stranger()
        picture = await run_in_threadpool(self.stand.picture)
        if picture is None:
            return _told(Reply(False, Words(zh="现在没有画面可取", en="no picture can be taken off the glass now")), 404)
        return Response(picture.data, media_type=picture.media_type, headers={"X-Age": f"{picture.age_s:.2f}"})

    async def command(self, request: Request) -> Response:
        return await self._commanded(request, lambda asked, _: carry_out(self.stand, asked))

    async def measured(self, request: Request) -> Response:
        text = await run_in_threadpool(lambda: metrics.text(self.stand.status()))
        return Response(text, media_type=metrics.MEDIA_TYPE)

    async def hall_events(self, request: Request) -> Response:
        hall = self.hall
        assert hall is not None
        return self._live(request, hall.tiles, lambda found: [(one["status"]["sequence"], one["online"]) for one in found])

    async def hall_picture(self, request: Request) -> Response:
        hall = self.hall
        assert hall is not None
        if self._login(request) is None:
            return _stranger()
        outcome = await run_in_threadpool(hall.ask, request.query_params.get("stand", ""), Command("screenshot"))
        if not outcome.done or not isinstance(outcome.value, dict):
            return _told(outcome, 404)
        found = outcome.value
        return Response(
            base64.b64decode(found["data"]), media_type=found["media_type"], headers={"X-Age": f"{float(found['age_s']):.2f}"}
        )

    async def hall_command(self, request: Request) -> Response:
        hall = self.hall
        assert hall is not None
        return await self._commanded(request, lambda asked, body: hall.ask(str(body.get("stand")), asked))

    async def _commanded(self, request: Request, done: Callable[[Command, dict[str, Any]], Reply]) -> Response:
        known = self._login(request)
        if known is None or not is_token(known, request.headers.get("x-token")):
            return _stranger()
        body = await _body(request)
        try:
            asked = command(body.get("command"), body.get("arguments"), who=known.who, by="page")
        except Refused as refused:
            return _told(Reply(False, refused.said), 400)
        return _told(await run_in_threadpool(done, asked, body))

    def _live(self, request: Request, look: Callable[[], Any], key: Callable[[Any], Any]) -> Response:
        if self._login(request) is None:
            return _stranger()
        if self.listeners >= MAX_LISTENERS:
            return _told(Reply(False, Words(zh="同时打开的页面太多", en="too many pages are open at once")), 503)

        async def told() -> AsyncIterator[str]:
            self.listeners += 1
            try:
                last, waited = None, EVERY_S
                while not self.closing and self._login(request) is not None:
                    found = await run_in_threadpool(look)
                    if key(found) != last or waited >= EVERY_S:
                        last, waited = key(found), 0.0
                        yield f"data: {json.dumps(found, ensure_ascii=False)}\n\n"
                    await asyncio.sleep(LOOKED_S)
                    waited += LOOKED_S
            finally:
                self.listeners -= 1

        return StreamingResponse(told(), media_type="text/event-stream")

    def _login(self, request: Request) -> Login | None:
        return self.logins.of(request.cookies.get(self.cookie))

    def _who(self, pin: str) -> Who | None:
        """Whose PIN it is."""
        attendants, technicians = self.settings.pin_hash, self.settings.technician_pin_hash
        if technicians is not None and is_right(pin, technicians):
            return Who.TECHNICIAN
        if attendants is not None and is_right(pin, attendants):
            return Who.TECHNICIAN if technicians is None else Who.ATTENDANT
        return None


def _introduced(known: Login, hall: bool) -> dict[str, Any]:
    commands = [_row(kind) for kind in KINDS if kind.who <= known.who]
    return {"token": known.token, "who": known.who.name.lower(), "commands": commands, "hall": hall}


def _row(kind: CommandKind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": kind.label.model_dump(),
        "meaning": kind.meaning.model_dump(),
        "confirmed": kind.confirmed,
    }


async def _body(request: Request) -> dict[str, Any]:
    """The request's JSON; empty where it is none."""
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _told(outcome: Reply, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = {"done": outcome.done, "said": outcome.said.model_dump(), "value": outcome.value}
    text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status_code=status, headers=headers, media_type="application/json")


def _stranger() -> Response:
    return _told(Reply(False, Words(zh="请输入 PIN", en="give the PIN first")), 401)


async def _not_found(request: Request, error: Exception) -> Response:
    return _told(Reply(False, Words(zh="没有这个页面", en="there is no such address")), 404)


async def _failed(request: Request, error: Exception) -> Response:
    said = Words(zh="程序出错，详情见日志", en="it has failed by a fault of the program; the log says more")
    return _told(Reply(False, said), 500)
