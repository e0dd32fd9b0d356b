"""The documents name things that exist: tests, files, commands and make targets."""

import re
from pathlib import Path

from django.core.management import get_commands

from tests.guide import LARGEST, TAKEN

ROOT = Path(__file__).resolve().parents[1]


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_statute_names_tests_that_exist() -> None:
    tests = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    for cited in re.findall(r"`(test_\w+\.py(?:::test_\w+)?)", text_of("docs/statute.md")):
        file, _, name = cited.partition("::")
        assert file in tests, cited
        assert f"def {name}" in tests[file], cited


def test_the_readme_names_files_commands_and_targets_that_exist() -> None:
    readme = text_of("README.md")
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link
    for command in re.findall(r"manage\.py (\w+)", readme):
        assert command in get_commands(), command
    for target in re.findall(r"make (\w+)", readme):
        assert re.search(rf"^{target}:", text_of("Makefile"), re.MULTILINE), target
    for path in re.findall(
        r"`((?:cases|reports|disclosure|templates|static|tests)/[\w/.]*)", readme
    ):
        assert list(ROOT.glob(path.rstrip("/") + "*")), path


def test_the_guide_shows_the_pictures_that_its_script_takes() -> None:
    """Pictures of pages to come stand in comments until they are taken."""
    guide = text_of("docs/guide-zh.md")
    assert sorted(re.findall(r"images/guide/([\w-]+)\.png", guide)) == sorted(TAKEN)
    shown = re.sub(r"<!--.*?-->", "", guide, flags=re.DOTALL)
    for picture in re.findall(r"\]\((images/[^)]+)\)", shown):
        assert (ROOT / "docs" / picture).stat().st_size <= LARGEST, picture
    kept = {path.stem for path in (ROOT / "docs" / "images" / "guide").iterdir()}
    assert kept == set(re.findall(r"images/guide/([\w-]+)\.png", shown))


def test_the_guide_leads_to_its_own_chapters() -> None:
    guide = text_of("docs/guide-zh.md")
    heads = [
        re.sub(r"[、，。：]", "", head) for head in re.findall(r"^#+ (.+)$", guide, re.MULTILINE)
    ]
    for chapter in re.findall(r"\]\(#([^)]+)\)", guide):
        assert chapter in heads, chapter
