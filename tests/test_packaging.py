"""The package as others get it: pinned requirements, and a wheel that works from any folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.servers import free_port, running

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(filename: str) -> dict[str, str]:
    """Return name and version of every line of a requirements file that is not a comment."""
    lines = (ROOT / filename).read_text(encoding="utf-8").splitlines()
    found = dict(line.split("==") for line in lines if line and not line.startswith(("#", "-r ")))
    return {canonicalize_name(name): version for name, version in found.items()}


def wanted(*groups: list[str]) -> list[Requirement]:
    """Return requirements from lists of texts."""
    return [Requirement(text) for group in groups for text in group]


def test_requirements_are_nothing_but_names_and_versions() -> None:
    for filename in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / filename).read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(r"|#.*|-r requirements\.txt|[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line), (
                f"{filename}: {line}"
            )


def test_what_the_project_needs_is_pinned_within_its_range() -> None:
    run = pinned("requirements.txt")
    build = PROJECT["build-system"]["requires"]
    for need in wanted(PROJECT["project"]["dependencies"], build):
        assert need.specifier.contains(run[canonicalize_name(need.name)]), need


def test_what_testing_needs_is_pinned_within_its_range() -> None:
    both = pinned("requirements.txt") | pinned("requirements-dev.txt")
    extras = PROJECT["project"]["optional-dependencies"]
    for need in wanted(extras["dev"], extras["postgres"], extras["legacy-excel"], extras["notify"]):
        assert need.specifier.contains(both[canonicalize_name(need.name)]), need


def all_that_is_needed(requirements: list[Requirement]) -> set[str]:
    """Return what requirements need, and what that needs, on this machine."""
    found: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = list(requirements)
    while waiting:
        need = waiting.pop()
        key = (canonicalize_name(need.name), tuple(sorted(need.extras)))
        if key in seen:
            continue
        seen.add(key)
        found.add(key[0])
        for text in distribution(need.name).requires or []:
            further = Requirement(text)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in ("", *need.extras)):
                waiting.append(further)
    return found


def test_everything_that_is_needed_is_pinned_and_nothing_else() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    # A wheel for an editable installation needs one library more, which the build tool asks for at that moment.
    run = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"], "editables"]
    assert set(pinned("requirements.txt")) == all_that_is_needed(wanted(run))
    both = set(pinned("requirements.txt")) | set(pinned("requirements-dev.txt"))
    assert both == all_that_is_needed(
        wanted(run, extras["dev"], extras["postgres"], extras["legacy-excel"], extras["notify"])
    )


def test_the_package_imports_everything_that_it_depends_on() -> None:
    by_import = {"python-docx": "docx", "python-pptx": "pptx", "pyyaml": "yaml", "argon2-cffi": "argon2"}
    implied = {"tzdata"}  # what zoneinfo reads where the machine has no time zones of its own
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tracker").rglob("*.py"))
    for need in wanted(PROJECT["project"]["dependencies"]):
        module = by_import.get(need.name, need.name.replace("-", "_"))
        assert need.name in implied or re.search(rf"(?:from|import) {module}\b|\"{module}\"", source), need.name


def test_nothing_is_pinned_twice() -> None:
    assert not set(pinned("requirements.txt")) & set(pinned("requirements-dev.txt"))


# ------------------------------------------------------------------ the wheel
@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the source distribution, so that the source distribution is tried too."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment; return the folder of its programs.

    What the tracker depends on is borrowed from this environment by a path file, so nothing is fetched.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--no-deps",
        "--no-index",
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True, text=True)
    asked = [programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    borrowed = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return programs


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return an environment with nothing of ours in it but an empty data folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON"))}
    return clean | {"TRACKER_DATA_DIR": str(tmp_path / "data")}


@pytest.mark.wheel
def test_the_wheel_carries_every_template_seed_migration_and_static_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted_files = {
        f"tracker/_bundled/{path.relative_to(ROOT).as_posix()}"
        for folder in ("templates", "seeds")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } | {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tracker").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not wanted_files - inside
    assert not [name for name in inside if name.startswith(("tests/", "docs/"))]


@pytest.mark.wheel
def test_the_installed_package_is_the_one_from_the_wheel(installed: Path, environment: dict[str, str]) -> None:
    code = "import tracker, tracker.paths as p; print(tracker.__file__, p.bundled('templates'), p.bundled('seeds'))"
    done = subprocess.run(
        [installed / "python", "-c", code], cwd="/", env=environment, check=True, capture_output=True, text=True
    )
    lines = done.stdout.split()
    assert len(lines) == 3
    assert all(line.startswith(str(installed.parent)) for line in lines)


@pytest.mark.wheel
def test_the_installed_program_seeds_and_shows_a_plan_from_any_folder(
    installed: Path, environment: dict[str, str]
) -> None:
    for arguments in (["init"], ["seed"], ["verify"], ["show", "wf-send-2025", "--json"]):
        done = subprocess.run(
            [installed / "tracker", *arguments], cwd="/", env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    assert '"milestones"' in done.stdout


@pytest.mark.wheel
def test_the_installed_demonstration_renders_pages_from_any_folder(
    installed: Path, environment: dict[str, str]
) -> None:
    port = free_port()
    command = [installed / "tracker", "demo", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}/", cwd="/", env=environment):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            page = answer.read().decode()
        assert "<h1" in page
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)
        assert style
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}", timeout=10) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page", timeout=10)
