"""An installed wheel finds its shaders, settings and showcases, as a checkout does."""

import subprocess
import sys
import zipfile
from pathlib import Path

import vrclient.paths

ROOT = Path(__file__).parents[1]


def test_a_checkout_finds_its_folders() -> None:
    assert vrclient.paths.shaders_folder() == ROOT / "shaders"
    assert vrclient.paths.config_folder() == ROOT / "config"
    assert vrclient.paths.showcases_folder() == ROOT / "showcases"


def test_a_wheel_carries_and_finds_its_folders(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("vrclient-*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    program = (
        "import vrclient.paths as p; from vrclient.showcase.find import shipped_showcases; "
        "print(p.shaders_folder()); print((p.config_folder() / 'quality' / 'high.yaml').is_file()); print(*shipped_showcases()); "
        "from vrclient.app.settings import settled; found = settled(); "
        "print(found.settings.visit.language, found.sources['visit.language'], found.sources['visit.volume'])"
    )
    own = tmp_path / "home" / "vrclient" / "client.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("visit: {language: en}\n", "utf-8")
    environment = {"PYTHONPATH": str(site), "XDG_CONFIG_HOME": str(tmp_path / "home"), "XDG_CONFIG_DIRS": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        str(site / "vrclient" / "shipped" / "shaders"),
        "True",
        "fengxian hall minimal stress zhangjiajie",
        f"en {own} {site / 'vrclient' / 'shipped' / 'config' / 'client.yaml'}",
    ]
