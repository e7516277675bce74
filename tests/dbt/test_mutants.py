"""No rule of the method can be broken in the models without a test that sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from harness import Project
from mutants import Mutant, mutants
from scenes import Scene, scene_of_oversight, scenes_of_the_list
from variant_scene import scene_of_what_ifs

MUTANTS = mutants()
SECTIONS = sorted({mutant.section for mutant in MUTANTS})


@pytest.fixture(scope="module")
def scenes(project: Project) -> list[Scene]:
    """Everything that a rule shows itself in."""
    return [*scenes_of_the_list(project), scene_of_oversight(project), scene_of_what_ifs(project)]


def test_unbroken_models_hold_in_every_scene(scenes: list[Scene]) -> None:
    for scene in scenes:
        scene.check(scene.warehouse)


def test_a_broken_model_is_taken_back(scenes: list[Scene]) -> None:
    assert not _survives(MUTANTS[0], scenes)
    for scene in scenes:
        scene.check(scene.warehouse)


def test_a_model_that_is_only_written_differently_is_not_caught(scenes: list[Scene]) -> None:
    for scene in scenes:
        assert not scene.catches({"int_suspect_reports": lambda sql: f"{sql} -- written differently"})


def test_every_mutant_fits_the_models_as_they_are(project: Project) -> None:
    for mutant in MUTANTS:
        for model, change in mutant.mutate.items():
            assert change(project.models[model].sql) != project.models[model].sql, mutant.name


def test_every_section_of_the_method_has_mutants_each_of_its_own_name() -> None:
    rules = yaml.safe_load(Path(__file__).with_name("rules.yml").read_text())
    # Past lists are the same models at other dates; tests/oversight breaks disproportionality itself.
    assert set(SECTIONS) == rules.keys() - {"past lists", "disproportionality"}
    names = [(mutant.section, mutant.name) for mutant in MUTANTS]
    assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_every_mutant_is_caught(scenes: list[Scene], section: str) -> None:
    own = [scene for scene in scenes if scene.name == section]
    tried = own or [scene for scene in scenes if scene.name not in SECTIONS]
    # A scene in which something is wrong from the start would catch everything.
    for scene in tried:
        scene.check(scene.warehouse)
    survivors = [mutant.name for mutant in MUTANTS if mutant.section == section and _survives(mutant, tried)]
    assert not survivors


def _survives(mutant: Mutant, scenes: list[Scene]) -> bool:
    return not any(scene.catches(mutant.mutate) for scene in scenes)
