"""The manual says what the models say."""

from pathlib import Path

from vrclient.cli.check import manual_text
from vrclient.elements import kinds
from vrclient.showcase.load import load_showcase
from vrclient.showcase.manual import KindPage, manual
from vrclient.showcase.models import ElementModel

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_docs_is_up_to_date() -> None:
    text = (DOCS / "showcase-format.md").read_text(encoding="utf-8")
    assert text == manual_text(DOCS), "the models have changed since; make docs writes the manual anew"


def test_its_first_example_is_a_showcase(tmp_path: Path) -> None:
    real = kinds()
    text = manual({name: KindPage(kind.model, kind.example) for name, kind in real.items()})
    (tmp_path / "showcase.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert load_showcase(tmp_path, {name: kind.model for name, kind in real.items()}).diagnostics == ()


def test_a_kind(models: dict[str, type[ElementModel]]) -> None:
    page = KindPage(models["building"], "- kind: building\n  storeys: 4\n", picture="kinds/building.png", can_be_followed=True)
    text = manual({"building": page})
    start = text.index("### building")
    assert text[start : text.index("## When something is wrong")].strip() == (
        "### building\n\n"
        "A house on a footprint.\n\n"
        "With an `id`, other elements can follow its course or fill its area (`along:`, `area:`).\n\n"
        "![building](kinds/building.png)\n\n"
        "```yaml\n- kind: building\n  storeys: 4\n```\n\n"
        "| key | value | default | meaning | example |\n"
        "|---|---|---|---|---|\n"
        "| `footprint` | a list of at least 3 points [east, north] | **required** | The corners, in order. "
        "| `footprint: [[0, 0], [40, 0], [40, 25]]` |\n"
        "| `height_m` | a number of metres from 0.001 to 50000 |  | Height of the walls. | `height_m: 12` |\n"
        "| `storeys` | a whole number from 1 to 150 |  | In place of height_m. | `storeys: 12` |\n"
        "| `color` | a colour as on the web: '#' and six of 0-9, a-f |  | Colour of the walls. | `color: \"#f4f1ea\"` |\n"
        "| `facade` | a group of keys, see below |  | The walls. | `facade: {pattern: window_grid}` |\n"
        "| `is_open` | true or false | `true` | Whether visitors can enter. | `is_open: true` |\n\n"
        "**`facade`:** What the walls look like.\n\n"
        "| key | value | default | meaning | example |\n"
        "|---|---|---|---|---|\n"
        "| `pattern` | 'window_grid', 'curtain_wall' or 'panels' | `window_grid` | How the windows are placed. "
        "| `pattern: window_grid` |\n"
        "| `lit_ratio` | a number from 0 to 1 | `0.4` | How many windows are lit after dark. | `lit_ratio: 0.4` |"
    )
    assert "| [`building`](#building) | A house on a footprint. |" in text
