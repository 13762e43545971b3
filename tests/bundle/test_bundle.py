"""A bundle of made-up packages, with this Python and this client: what is in it, that it is the same every time, that it starts,
and that it says when it is not whole. Real packages: tests/windows/test_bundles.py."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from made_up_wheels import STUB, write_wheels

from vrclient import __version__, paths
from vrclient.bundle import archive, left_out, licences
from vrclient.bundle.build import Bundle, from_bundle, from_packages
from vrclient.bundle.manifest import NAME, BadManifest, Manifest, changes
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.systems import LINUX, SYSTEMS, WINDOWS
from vrclient.cli.bundle import bundle as command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stub that is installed here is of this system")

ENGINE = {
    "panda3d_tools/deploy-stub": b"",
    "panda3d/core.cpython-311-x86_64-linux-gnu.so": b"core",
    "panda3d/libp3fmod_audio.so": b"not free",
    "deploy_libs/_ctypes.cpython-311-x86_64-linux-gnu.so": b"kept",
    "deploy_libs/readline.cpython-311-x86_64-linux-gnu.so": b"not needed",
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages") / "wheels"
    write_wheels(folder, LINUX, more={"panda3d": {**ENGINE, "panda3d_tools/deploy-stub": STUB.read_bytes()}})
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city's showcase, with what does not belong to it."""
    folder = tmp_path_factory.mktemp("city") / "museum"
    shutil.copytree(paths.showcases_folder() / "minimal", folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / "shots").mkdir()
    (folder / "shots" / "old.png").write_bytes(b"")
    (folder / "LICENCE-photos.txt").write_text("Photographs: Museum of Fengxian.")
    return folder


def made(wheels: Path, output: Path, *showcases: Path, zipped: bool = True) -> Bundle:
    files = [one / "showcase.yaml" for one in showcases]
    return from_packages(
        LINUX, output, wheels=wheels, showcases=files, first=None, zipped=zipped, steps=lambda _: lambda done, total: None
    )


@pytest.fixture(scope="module")
def bundle(wheels: Path, own: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return made(wheels, tmp_path_factory.mktemp("奉贤 one"), own)


def test_it_is_the_same_every_time(bundle: Bundle, wheels: Path, own: Path, tmp_path: Path) -> None:
    """Elsewhere, at another time, by somebody with other habits."""
    other = tmp_path / "another place" / "museum"
    shutil.copytree(own, other)
    (other / "showcase.yaml").touch()
    mask = os.umask(0o077)
    try:
        again = made(wheels, tmp_path / "two", other)
    finally:
        os.umask(mask)
    assert again.manifest.files == bundle.manifest.files
    assert again.manifest.sha256 == bundle.manifest.sha256
    assert again.zipped is not None and bundle.zipped is not None
    assert again.zipped.read_bytes() == bundle.zipped.read_bytes()


def test_it_starts_with_nothing_of_this_computer(bundle: Bundle, tmp_path: Path) -> None:
    program = bundle.folder / "vrclient"
    asked = (
        "import sys, json; print(json.dumps([sys.path, sys.argv, sys.executable, json.__file__, sys.getfilesystemencoding()]))"
    )
    (tmp_path / "json.py").write_text("raise SystemExit('this is somebody else')")
    done = subprocess.run(
        [program, "-c", asked, "奉", "-x"], env={"PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path)}, cwd=tmp_path,
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    path, arguments, executable, module, encoding = json.loads(done.stdout)
    assert [Path(one).relative_to(bundle.folder).as_posix() for one in path] == [
        "python/lib", "python/lib-dynload", "python/site-packages"
    ]  # fmt: skip
    assert arguments == ["-c", "奉", "-x"]
    assert (executable, module) == (str(program), str(bundle.folder / "python/lib/json/__init__.py"))
    assert encoding == "utf-8", "though the system says nothing of it"


def test_its_programs_are_found_through_a_link(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "Showcase").symlink_to(bundle.folder / "vrclient")
    done = subprocess.run(
        [tmp_path / "Showcase", "-c", "import vrclient; print(vrclient.__file__)"], capture_output=True, timeout=60
    )
    assert done.stdout.decode().strip() == str(bundle.folder / "python/site-packages/vrclient/__init__.py")


def test_what_is_in_it(bundle: Bundle) -> None:
    files, site = bundle.manifest.files, "python/site-packages"
    for path in (
        "vrclient", "README.txt", "LICENCES.txt", f"{site}/vrclient/shipped/shaders/.shipped", f"{site}/panda3d/__init__.py",
        f"{site}/vrclient/shipped/showcases/museum/showcase.yaml", f"{site}/vrclient/shipped/showcases/fengxian/showcase.yaml",
        f"{site}/vrclient/shipped/constraints.txt", f"{site}/vrclient-{__version__}.dist-info/METADATA", "python/lib/os.py",
        f"python/lib-dynload/{Path('_ctypes.cpython-311-x86_64-linux-gnu.so')}",
    ):  # fmt: skip
        assert path in files, path
    for part in ("readline", "fmod", "/tests/", "tkinter", "idlelib", "/.git", "/shots/", "/RECORD", "deploy-stub", "lib/test/"):
        assert not [path for path in files if part in path], part
    assert bundle.manifest.start == "museum"
    assert bundle.manifest.arguments("vrclient") == ["run", "museum"]
    sources = [path for path in files if path.endswith(".py") and path.startswith(f"{site}/vrclient/")]
    for source in sources:
        folder, _, name = source.rpartition("/")
        assert f"{folder}/__pycache__/{name[:-3]}.{sys.implementation.cache_tag}.opt-1.pyc" in files


def test_the_zip_file_is_the_folder_and_its_program_may_be_run(bundle: Bundle) -> None:
    assert bundle.zipped is not None
    with zipfile.ZipFile(bundle.zipped) as zipped:
        inside = {one.filename: one for one in zipped.infolist()}
        assert sorted(inside) == sorted(f"{bundle.folder.name}/{path}" for path in (*bundle.manifest.files, NAME))
        modes = {name: one.external_attr >> 16 for name, one in inside.items()}
        assert modes.pop(f"{bundle.folder.name}/vrclient") == 0o100755
        assert set(modes.values()) == {0o100644}
        assert zipped.read(f"{bundle.folder.name}/README.txt").startswith(f"vrclient {__version__}".encode())


def test_its_licences_are_those_of_everything_in_it(bundle: Bundle) -> None:
    text = (bundle.folder / licences.NAME).read_text("utf-8")
    packages = [one.name.partition("-")[0] for one in (bundle.folder / "python/site-packages").glob("*.dist-info")]
    assert len(packages) > 20
    for name in packages:
        assert name == "vrclient" or f"You may use {name.replace('_', '-')} as you like." in text, name
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text and "MIT License" in text
    assert "Photographs: Museum of Fengxian." in text
    assert "NVIDIA" not in text, "what is not in it is not in there"


def test_every_changed_file_is_named(bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(bundle.folder, folder)
    manifest = Manifest.read(folder)
    assert manifest.sha256 == bundle.manifest.sha256
    assert changes(folder, manifest) == []
    (folder / "shots").mkdir()
    (folder / "shots" / "mine.png").write_bytes(b"mine")
    assert changes(folder, manifest) == [], "what the owner puts beside it is the owner's"
    same_size = folder / "python/lib/os.py"
    same_size.write_bytes(same_size.read_bytes()[:-1] + b"#")
    (folder / "python/lib/re/__init__.py").unlink()
    (folder / "python/lib/new.py").touch()
    assert changes(folder, manifest) == [
        "python/lib/re/__init__.py is missing", "python/lib/os.py is another one", "python/lib/new.py was added"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "files": {"a": 1}}'])
def test_a_manifest_that_is_none_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(BadManifest, match=NAME):
        Manifest.read(tmp_path)


def test_a_bundle_makes_another_with_more_in_it(bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = tmp_path / "harbour"
    shutil.copytree(paths.showcases_folder() / "minimal", added)
    (added / "LICENCE.txt").write_text("The harbour is the harbour's.")
    quiet = lambda _: lambda done, total: None  # noqa: E731
    files = [added / "showcase.yaml"]
    again = from_bundle(bundle.folder, tmp_path / "again", showcases=files, first=None, zipped=False, steps=quiet)
    assert again.manifest.start == "harbour"
    assert changes(again.folder, Manifest.read(again.folder)) == []
    new = {path for path in again.manifest.files if path not in bundle.manifest.files}
    assert new and all("/showcases/harbour/" in path for path in new)
    text = (again.folder / licences.NAME).read_text("utf-8")
    assert "The harbour is the harbour's." in text and "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text
    assert os.access(again.folder / "vrclient", os.X_OK)
    (bundle_copy := tmp_path / "damaged").mkdir()
    shutil.copy(bundle.folder / NAME, bundle_copy / NAME)
    with pytest.raises(BundleProblem, match=r"is not as it was made: LICENCES\.txt is missing; unpack it again"):
        from_bundle(bundle_copy, tmp_path / "no", showcases=[], first=None, zipped=False, steps=quiet)


def test_a_program_that_was_renamed_is_still_the_first(bundle: Bundle) -> None:
    assert bundle.manifest.arguments("Fengxian") == ["run", "museum"]


def test_what_goes_wrong_is_told(
    wheels: Path, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*showcases: str, output: Path = tmp_path / "out", system: str = "linux", **options: str | Path) -> str:
        given: dict[str, object] = {"start": None, "wheels": wheels, **options}
        assert command(showcases, output, systems=[system], zipped=False, **given) in (1, 2)
        assert not list(tmp_path.glob("out/*/*")), "nothing half done is left"
        return capsys.readouterr().err.strip().splitlines()[-1]

    assert told(system="mac") == "vrclient: --system mac: choose one of: windows, linux"
    assert told("nowhere").startswith("vrclient: there is no showcase 'nowhere'; give a folder with a showcase.yaml, or one of: ")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "showcase.yaml").write_text("format: 1\nnonsense: 1\n")
    assert told(str(bad)).startswith(f"{bad}/showcase.yaml: ")
    other = tmp_path / "other" / "museum"
    shutil.copytree(own, other)
    assert told(str(own), str(other)) == "vrclient: two showcases are called 'museum'; rename the folder of one"
    assert told(start="nowhere") == (
        "vrclient: --start nowhere: the bundle's showcases are: fengxian, hall, minimal, stress, zhangjiajie"
    )
    full = tmp_path / "full" / f"vrclient-{__version__}-linux-x64"
    full.mkdir(parents=True)
    (full / "mine.txt").touch()
    assert told(output=full.parent) == (
        f"vrclient: {full} is there already and not empty; remove it, or give another folder with --output"
    )
    assert (full / "mine.txt").exists()
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    said = told(wheels=tmp_path / "empty")
    assert said.startswith("vrclient: the packages cannot be fetched: No matching distribution found for ")
    assert said.endswith("; connect this computer to the network, or give a folder that has them with --wheels")


def test_a_torn_wheel_is_named(wheels: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    shutil.copytree(wheels, torn)
    (file,) = torn.glob("pillow-*.whl")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(BundleProblem, match=f"{file} cannot be read: .*; remove it, and it is fetched again"):
        made(torn, tmp_path / "out", zipped=False)


def test_a_zip_file_says_no_time_and_no_owner(tmp_path: Path) -> None:
    folder = tmp_path / "things"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "a.txt").write_text("one")
    (folder / "a.txt").write_text("two")
    archive.write(folder, tmp_path / "one.zip", frozenset())
    os.utime(folder / "a.txt", (1, 1))
    (folder / "a.txt").chmod(0o600)
    archive.write(folder, tmp_path / "two.zip", frozenset())
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_nothing_that_is_needed_is_left_out(system: object) -> None:
    """By name: what each system's engine is made of, and what a film, a headset and a picture need."""
    is_windows = system is WINDOWS
    kept = (
        [
            "panda3d/core.cp311-win_amd64.pyd",
            "panda3d/libpandagl.dll",
            "panda3d/cg.dll",
            "xr/library/windows_x86_64/openxr_loader.dll",
        ]
        if is_windows
        else [
            "panda3d/libp3headlessgl.so",
            "panda3d/libCgGL.so",
            "xr/library/linux_x86_64/libopenxr_loader.so",
            "xr/api_layer/linux_x86_64/libXrApiLayer_python.so",
            "OpenGL/GLX/__init__.py",
        ]
    )
    kept += [
        "av/_core.pyd",
        "numpy/random/mtrand.pyd",
        "OpenGL/GL/VERSION/GL_4_3.py",
        "PIL/_imaging.so",
        "xr/api_layer/__init__.py",
    ]
    kept += ["noto_cjk_sans_otc/NotoSansCJK-Regular.ttc", "numpy-2.4.6.dist-info/licenses/LICENSE.txt", "panda3d/etc/Config.prc"]
    name = WINDOWS.name if is_windows else LINUX.name
    assert [one for one in kept if left_out.of_packages(one, name)] == []
