"""The offline bundle: made with internet, installed without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

HOUSE = Path(__file__).parents[2]
# a network of its own with nothing in it, not even a loopback that is up
WITHOUT_NETWORK = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
ANY = "none-any"

pytestmark = pytest.mark.wire  # slow, and it wants a package index


def run(*words: str | Path, cwd: Path = HOUSE, **env: str) -> subprocess.CompletedProcess[str]:
    """The finished command, its output on record."""
    return subprocess.run(
        [str(w) for w in words], cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One unpacked bundle for each architecture."""
    out = tmp_path_factory.mktemp("bundles")
    made = run("deploy/bundle.sh", "--no-archive", "--out", out, PYTHON=sys.executable)
    assert made.returncode == 0, made.stderr
    return {path.name.rsplit("-", 1)[1]: path for path in out.iterdir()}


def wheels(bundle: Path) -> dict[str, str]:
    """Package and version → platform tag."""
    return {"-".join(w.stem.split("-")[:2]): "-".join(w.stem.split("-")[3:]) for w in (bundle / "wheels").glob("*.whl")}


def test_both_architectures_carry_the_same_versions(bundles: dict[str, Path]) -> None:
    assert set(wheels(bundles["x86_64"])) == set(wheels(bundles["aarch64"]))


def test_every_package_that_is_not_pure_has_a_wheel_for_its_architecture(bundles: dict[str, Path]) -> None:
    for arch, bundle in bundles.items():
        tags = wheels(bundle).values()
        assert all(tag == ANY or tag.endswith(arch) for tag in tags)
        assert sum(tag != ANY for tag in tags) > 10


def test_a_changed_file_is_refused(bundles: dict[str, Path], tmp_path: Path) -> None:
    run("cp", "-r", bundles["x86_64"], tmp_path / "copy")
    (tmp_path / "copy/env.example").write_text("# changed\n")
    refused = run("./install.sh", tmp_path / "opt", cwd=tmp_path / "copy", PYTHON=sys.executable, NO_SYSTEM="1")
    assert refused.returncode == 1
    assert "校验不一致" in refused.stderr
    assert not (tmp_path / "opt").exists()


def test_another_architecture_is_refused(bundles: dict[str, Path], tmp_path: Path) -> None:
    other = next(bundle for arch, bundle in bundles.items() if arch != os.uname().machine)
    refused = run("./install.sh", tmp_path / "opt", cwd=other, PYTHON=sys.executable, NO_SYSTEM="1")
    assert refused.returncode == 1
    assert "本机是" in refused.stderr


def test_it_installs_and_answers_without_a_network(bundles: dict[str, Path], tmp_path: Path) -> None:
    opt = tmp_path / "opt"
    installed = run(
        *WITHOUT_NETWORK,
        "./install.sh",
        opt,
        cwd=bundles[os.uname().machine],
        PYTHON=sys.executable,
        NO_SYSTEM="1",
        PIP_NO_COMPILE="1",
    )
    assert installed.returncode == 0, installed.stderr
    answered = run(
        *WITHOUT_NETWORK, opt / "current/bin/dingban", "ask", "--unit", "市教体局", "我负责哪些指标", cwd=tmp_path
    )
    assert answered.returncode == 0, answered.stderr
    assert "附件1第7项" in answered.stdout
    upgraded = run(*WITHOUT_NETWORK, opt / "current/bin/dingban", "db", "upgrade", cwd=tmp_path)
    assert upgraded.returncode == 0, upgraded.stderr


def test_the_wheel_carries_every_file_of_the_rooms(bundles: dict[str, Path]) -> None:
    rooms = ("bot", "handlers", "knowledge", "storage")
    kept = set(run("git", "ls-files", *rooms).stdout.splitlines())
    (wheel,) = (bundles["x86_64"] / "wheels").glob("dingban-*.whl")
    with ZipFile(wheel) as archive:
        assert sorted(kept - set(archive.namelist())) == []
