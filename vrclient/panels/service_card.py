"""The face of a service's card, as it stands on a counter: what it is, what to bring, when, where, the phone, and a QR code, in
every language. Its text is a degree high from READ_FROM. It stands nowhere; elements/counter.py puts it up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vrclient.panels.qr import qr_modules, qr_picture
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, Image
from vrclient.scene.fonts import CAPITAL_HEIGHT, Paragraph, TextLayout, Weight, draw_text, has_han, laid_out
from vrclient.scene.interactives import Service, TextByLanguage
from vrclient.scene.signs import no_text
from vrclient.showcase.addresses import host_of

READ_FROM = 1.5
"""Metres from which the smallest letters are a degree high."""
WIDTH = 1.0
PIXELS_PER_METER = 1250
GROUND, INK, QUIET_INK, ACCENT = "#f7f5f0", "#20262a", "#434d55", "#0f5089"
"""sRGB. Every ink has a contrast of at least 4.5 on the ground."""

LABELS: dict[str, dict[str, str]] = {
    "bring": {"zh": "携带", "en": "Bring"},
    "hours": {"zh": "时间", "en": "Hours"},
    "address": {"zh": "地址", "en": "Address"},
    "phone": {"zh": "电话", "en": "Phone"},
    "scan": {"zh": "扫码打开", "en": "Scan to open"},
    "checked": {"zh": "核对", "en": "Checked"},
}

_LETTER_M = 1.04 * READ_FROM * float(np.tan(np.radians(1.0)))
_MARGIN_M, _LABEL_M, _STROKE_M = 0.055, 0.175, 0.012
_ROW_M = 0.013
_TITLE, _SUBTITLE, _PHONE = 1.75, 1.2, 1.5
_QR_M, _WIDEST_QR_M, _MODULE_M = 0.32, 0.42, 0.0088
_HAN_EM_M = 0.033
"""Characters are a little larger than they must be, so that they stand level with the capitals beside them."""


@dataclass(frozen=True, slots=True)
class _Placed:
    layout: TextLayout
    x: float
    y: float


def card_images(services: Sequence[Service], languages: Sequence[str], /) -> tuple[Image, ...]:
    """One picture for each service, WIDTH metres wide at PIXELS_PER_METER, all as high as the tallest needs."""
    faces = [_Face(service, languages) for service in services]
    height = max(face.height for face in faces)
    return tuple(face.drawn(height) for face in faces)


def letter_size(text: str, /) -> float:
    """Metres per em with which the text's capitals or characters are a degree high from READ_FROM."""
    return _HAN_EM_M if has_han(text) else _LETTER_M / CAPITAL_HEIGHT


class _Face:
    """A card laid out: pixels from its top left corner."""

    def __init__(self, service: Service, languages: Sequence[str]) -> None:
        self._service, self._languages = service, languages
        self._placed: list[_Placed] = []
        self._lines: list[float] = []
        margin = _pixels(_MARGIN_M)
        modules = len(qr_modules(service.url))
        each = max(round(_pixels(_QR_M) / modules), min(_pixels(_MODULE_M), _pixels(_WIDEST_QR_M) // modules))
        side = modules * each
        self._qr = (_pixels(WIDTH - _MARGIN_M) - side, margin, side)
        y = max(self._heading(margin, self._qr[0] - margin - _pixels(0.03)), margin + self._qr[2]) + _pixels(0.028)
        for key, words in (("bring", service.bring), ("hours", service.hours), ("address", service.address)):
            if words:
                y = self._row(key, [(one, _said(words, one)) for one in languages], y)
        if service.phone:
            y = self._phone(service.phone, y)
        self.height = round(y + _pixels(0.012) + self._footing().height + _pixels(0.042))

    def drawn(self, height: int) -> Image:
        from PIL import Image as Pictures
        from PIL import ImageDraw

        width, margin = _pixels(WIDTH), _pixels(_MARGIN_M)
        canvas = Pictures.new("RGBA", (width, height), GROUND)
        pen = ImageDraw.Draw(canvas)
        pen.rectangle((0, 0, width, _pixels(_STROKE_M)), fill=ACCENT)
        left, top, side = self._qr
        canvas.paste(Pictures.fromarray(qr_picture(self._service.url, pixels=side).pixels), (left, top))
        for line in self._lines:
            pen.line((margin, line, width - margin, line), fill="#cfd3d2", width=2)
        for one in self._placed:
            draw_text(canvas, one.layout, at=(one.x, one.y))
        foot = self._footing()
        draw_text(canvas, foot, at=(margin, height - _pixels(0.042) - foot.height))
        return Image(np.asarray(canvas).copy(), f"card of {self._service.url}")

    def _heading(self, margin: int, room: float) -> float:
        paragraphs: list[Paragraph] = []
        for number, language in enumerate(self._languages):
            text = _said(self._service.title, language)
            size = letter_size(text) * (_TITLE if number == 0 else _SUBTITLE)
            paragraphs.append(_paragraph(text, size, linear_color(INK), weight="bold", leading=1.22))
        host = host_of(self._service.url)
        paragraphs.append(_paragraph(host, letter_size(host), linear_color(ACCENT), before=0.014))
        scan = " · ".join(LABELS["scan"].get(one, LABELS["scan"]["en"]) for one in self._languages)
        paragraphs.append(_paragraph(scan, _LETTER_M / CAPITAL_HEIGHT, linear_color(QUIET_INK), leading=1.25))
        return self._put(paragraphs, margin, margin - _pixels(0.012), room)

    def _row(self, key: str, texts: Sequence[tuple[str, str]], y: float) -> float:
        """One thing to know; its label stands before the first line of every language."""
        self._lines.append(y)
        margin, label = _pixels(_MARGIN_M), _pixels(_LABEL_M)
        y += _pixels(_ROW_M)
        for language, text in texts:
            size = letter_size(text)
            self._put([_label(key, language)], margin, y, None)
            told = _paragraph(text, size, linear_color(INK), weight="bold")
            y = self._put([told], margin + label, y, _pixels(WIDTH) - 2 * margin - label)
        return y + _pixels(_ROW_M)

    def _phone(self, number: str, y: float) -> float:
        """The number, larger, beside the labels of all languages."""
        self._lines.append(y)
        margin, label, top = _pixels(_MARGIN_M), _pixels(_LABEL_M), y + _pixels(_ROW_M)
        names = laid_out([_label("phone", one) for one in self._languages])
        room = _pixels(WIDTH) - 2 * margin - label
        shown = laid_out([_paragraph(number, _PHONE * letter_size(number), linear_color(INK), weight="bold")], width=room)
        high = max(names.height, shown.height)
        self._placed.append(_Placed(names, margin, top + (high - names.height) / 2))
        self._placed.append(_Placed(shown, margin + label, top + (high - shown.height) / 2))
        return top + high + _pixels(_ROW_M)

    def _footing(self) -> TextLayout:
        names = " ".join(LABELS["checked"].get(one, LABELS["checked"]["en"]) for one in self._languages)
        text = f"{names or 'Checked'} {self._service.checked}"
        return laid_out([_paragraph(text, _LETTER_M / CAPITAL_HEIGHT, linear_color(QUIET_INK))])

    def _put(self, paragraphs: Sequence[Paragraph], x: float, y: float, room: float | None) -> float:
        layout = laid_out(paragraphs, width=room)
        self._placed.append(_Placed(layout, x, y))
        return y + layout.height


def _label(key: str, language: str) -> Paragraph:
    name = LABELS[key].get(language, LABELS[key]["en"])
    return _paragraph(name, letter_size(name), linear_color(ACCENT))


def _paragraph(
    text: str, size: float, color: Color, /, *, weight: Weight = "regular", leading: float = 1.3, before: float = 0.0
) -> Paragraph:
    """`size` and `before` in metres."""
    return Paragraph(text, size * PIXELS_PER_METER, weight, color, leading=leading, before=before * PIXELS_PER_METER)


def _said(words: TextByLanguage, language: str) -> str:
    return words.get(language, "").strip() or no_text(language)


def _pixels(meters: float) -> int:
    return round(meters * PIXELS_PER_METER)
