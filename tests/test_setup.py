"""What a user sets up is what was declared, locked and licensed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAMES_ON_CONDA_FORGE = {"matplotlib": "matplotlib-base"}  # without the desktop toolkit
ONLY_FOR_CONDA = {"pip"}
# In parts, so that this file is not the one that names them.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pypi", "io"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("anaconda", "com"),
        ("npmjs", "org"),
        ("npmjs", "com"),
    ]
]
INDEX_OPTIONS = ["--" + option for option in ("index-url", "extra-index-url", "find-links")]


def declared(*extras: str) -> list[Requirement]:
    """The requirements of pyproject.toml, with those of the named extras."""
    project = PROJECT["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    return [Requirement(line) for lines in lists for line in lines]


def bounds(requirements: list[Requirement]) -> dict[str, str]:
    return {canonicalize_name(r.name): str(r.specifier) for r in requirements}


def conda() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_requirements() -> tuple[list[Requirement], list[str]]:
    """What conda installs, and what pip installs into the conda environment."""
    lines = conda()["dependencies"]
    (pip,) = [line["pip"] for line in lines if isinstance(line, dict)]
    return [Requirement(line) for line in lines if isinstance(line, str)], pip


LOCKS = ("requirements.lock", "requirements-test.lock")


def locked(lock: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Every pinned requirement of a lock, with its number of hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        if entry.startswith("#"):
            continue
        requirement = Requirement(entry.split("\\")[0].strip())
        hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry))
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return found


def committed_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_conda_users_get_the_packages_of_pyproject():
    by_conda, by_pip = conda_requirements()
    offered = bounds(by_conda) | bounds([Requirement(r) for r in by_pip if not r.startswith("-")])
    wanted = {
        NAMES_ON_CONDA_FORGE.get(name, name): bound
        for name, bound in bounds(declared("setup", "test")).items()
    }
    wanted["python"] = PROJECT["project"]["requires-python"]
    assert {name: bound for name, bound in offered.items() if name not in ONLY_FOR_CONDA} == wanted


def test_conda_users_get_the_package_itself_from_one_channel():
    assert conda()["channels"] == ["conda-forge", "nodefaults"]
    assert conda()["name"] == PROJECT["project"]["name"]
    assert "--editable ." in conda_requirements()[1]


@pytest.mark.parametrize(("lock", "extra"), [(LOCKS[0], "setup"), (LOCKS[1], "test")])
def test_lock_satisfies(lock, extra):
    pins = locked(lock)
    for requirement in declared(extra):
        for pin, _ in pins[canonicalize_name(requirement.name)]:
            (exact,) = pin.specifier
            assert Version(exact.version) in requirement.specifier


def versions(pins: list[tuple[Requirement, int]]) -> set[str]:
    return {str(pin.specifier) for pin, _ in pins}


def test_tests_run_on_the_packages_that_reports_are_made_with():
    for_reports, for_tests = map(locked, LOCKS)
    shared = for_reports.keys() & for_tests.keys()
    assert {n for n in shared if versions(for_reports[n]) != versions(for_tests[n])} == set()


def test_who_only_makes_reports_does_not_install_the_tests():
    own = bounds(declared("test")).keys() - bounds(declared()).keys()
    assert own & locked("requirements.lock").keys() == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_and_hashes_every_package(lock):
    for name, pins in locked(lock).items():
        for pin, hashes in pins:
            assert [s.operator for s in pin.specifier] == ["=="], name
            assert pin.url is None, name
            assert hashes > 0, name


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_gives_one_version_of_a_package_wherever_it_is_installed(lock):
    assert {name: len(pins) for name, pins in locked(lock).items() if len(pins) > 1} == {}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_lock_holds_what_each_system_needs(system):
    """A lock made for one system only would lack the terminals of the others."""
    os_name = "nt" if system == "win32" else "posix"
    here = default_environment() | {"sys_platform": system, "os_name": os_name}
    names = {
        name
        for name, pins in locked("requirements.lock").items()
        for pin, _ in pins
        if pin.marker is None or pin.marker.evaluate(here)
    }
    assert ("pywinpty" in names) == (system == "win32")
    assert ("ptyprocess" in names) == (system != "win32")
    assert ("appnope" in names) == (system == "darwin")


def test_environment_can_build_the_package_without_fetching_a_builder():
    (builder,) = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
    assert bounds([builder]).items() <= bounds(declared("setup")).items()


def test_no_file_names_a_package_registry_or_an_index():
    forbidden = re.compile("|".join(map(re.escape, REGISTRIES + INDEX_OPTIONS)).encode())
    named = {
        path.relative_to(ROOT).as_posix(): found.group().decode()
        for path in committed_files()
        if (found := forbidden.search(path.read_bytes()))
    }
    assert named == {}


def test_no_file_names_a_folder_of_the_machine_it_was_made_on():
    places = [str(ROOT), str(Path.home())]
    made_here = re.compile("|".join(re.escape(p) + r"(?=[/\\])" for p in places).encode())
    assert [p for p in committed_files() if made_here.search(p.read_bytes())] == []


def test_citation_says_what_pyproject_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = PROJECT["project"]
    # What the Citation File Format 1.2.0 requires:
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["title"].startswith(project["name"])
    assert citation["authors"] == project["authors"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]


def test_code_is_mit_and_measured_data_cc_by():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    assert PROJECT["project"]["license"] == "MIT"
    assert "licenses/by/4.0/" in (ROOT / "data" / "LICENSE").read_text(encoding="utf-8")


def test_changelog_names_the_version():
    """Before the first release there is the Unreleased section alone."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## \[(.+?)\]", text, flags=re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert sections[1:2] in ([], [PROJECT["project"]["version"]])


def test_package_is_found_from_another_folder(tmp_path):
    """Kernels start in the notebook's folder, not in that of the project."""
    found = subprocess.run(
        [sys.executable, "-c", "import analysis; print(analysis.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    assert Path(found.stdout.strip()) == ROOT / "analysis" / "__init__.py"


def test_kernel_named_python3_is_this_python():
    """Even where another Jupyter is installed, notebooks run on the locked packages."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager())
    assert Path(manager.format_kernel_cmd()[0]) == Path(sys.executable)
