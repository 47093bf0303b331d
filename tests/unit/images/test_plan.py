"""What is built, and what is left as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from images.building import engine, inputs, nodes, plan
from images.building.inputs import all_inputs, sources
from images.building.plan import Plan
from images.building.problems import Problem
from images.building.recipes import RECIPES, Recipe
from images.building.wheels import Wheelhouse

ORDER = ["base-bookworm", "base-trixie", "course", "hub", "proxy", "edge"]


@pytest.fixture
def engine_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[set[str]], None]:
    """An engine that has these images, of the inputs of this tree."""
    monkeypatch.setattr(Wheelhouse, "missing", lambda _: [])
    monkeypatch.setattr(nodes, "are_here", lambda: True)

    def has(names: set[str]) -> None:
        known = all_inputs({})
        held = {
            f"airina/{name}:{known[name][:12]}": {"africa.airina.inputs": known[name]}
            for name in names
        }
        monkeypatch.setattr(engine, "labels", held.get)

    return has


def titles(these: Plan) -> list[str]:
    return [step.title for step in these.steps()]


def test_an_empty_engine_gets_everything_parents_first(
    engine_with: Callable[[set[str]], None],
) -> None:
    engine_with(set())
    assert titles(Plan({})) == [
        "Debian bookworm",
        "image base-bookworm",
        "Debian trixie",
        "image base-trixie",
        "image course",
        "image hub",
        "image proxy",
        "image edge",
    ]


def test_nothing_is_done_when_every_image_is_there(
    engine_with: Callable[[set[str]], None],
) -> None:
    engine_with(set(ORDER))
    assert titles(Plan({})) == []


def test_only_the_image_that_is_missing_is_built(engine_with: Callable[[set[str]], None]) -> None:
    engine_with(set(ORDER) - {"hub"})
    assert titles(Plan({})) == ["image hub"]


def test_an_image_of_that_name_with_other_inputs_does_not_count(
    engine_with: Callable[[set[str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_with(set(ORDER))
    monkeypatch.setattr(engine, "labels", lambda _: {"africa.airina.inputs": "others"})
    assert "image course" in titles(Plan({}))


def test_wheels_that_are_missing_are_fetched_once_and_before_the_image(
    engine_with: Callable[[set[str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_with(set())
    monkeypatch.setattr(Wheelhouse, "missing", lambda house: [house.name])
    steps = titles(Plan({}))
    assert len(steps) == len(set(steps))
    assert steps.index("wheels for torch") < steps.index("image course")
    assert steps.index("wheels for sbom-trixie") < steps.index("image base-trixie")


def test_node_s_packages_are_fetched_when_the_lock_is_new(
    engine_with: Callable[[set[str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_with(set(ORDER) - {"proxy"})
    monkeypatch.setattr(nodes, "are_here", lambda: False)
    assert titles(Plan({})) == ["packages of Node", "image proxy"]


def test_an_image_is_named_by_what_its_sources_are_when_it_is_built(
    engine_with: Callable[[set[str]], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine_with(set(ORDER) - {"hub"})
    these = Plan({})
    planned, step = these.tag("hub"), these.steps()[0]
    new = tmp_path / "new"
    new.write_text("written after the plan was made")
    monkeypatch.setattr(inputs, "sources", lambda recipe: sources(recipe) | {"new": new})
    built: list[str] = []
    monkeypatch.setattr(engine, "build", lambda tag, *_: built.append(tag))
    with pytest.raises(Problem, match="base-trixie were changed"):
        step.work()
    assert built == []
    monkeypatch.setattr(inputs, "sources", sources)
    these = Plan({})
    of_hub_only = {"hub": {"new": new}}
    monkeypatch.setattr(
        inputs, "sources", lambda recipe: sources(recipe) | of_hub_only.get(recipe.name, {})
    )
    these.steps()[0].work()
    assert built == [these.tag("hub")] != [planned]


@pytest.mark.parametrize(
    ("changed", "rebuilt"),
    [
        ("base-trixie", {"base-trixie", "hub", "proxy", "edge"}),
        ("course", {"course", "edge"}),
        ("hub", {"hub"}),
        ("edge", {"edge"}),
    ],
)
def test_a_change_rebuilds_an_image_and_those_made_from_it(
    changed: str, rebuilt: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = all_inputs({})
    new = tmp_path / "new"
    new.write_text("new")

    def with_more(recipe: Recipe) -> dict[str, Path]:
        return sources(recipe) | ({"new": new} if recipe.name == changed else {})

    monkeypatch.setattr(inputs, "sources", with_more)
    after = all_inputs({})
    assert {name for name in after if after[name] != before[name]} == rebuilt


def test_another_base_image_rebuilds_what_is_made_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_inputs({})
    after = all_inputs({"bookworm": "sha256:another"})
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"rootfs-bookworm", "base-bookworm", "course", "edge"}


def test_a_base_image_that_was_given_is_named_and_not_made(
    engine_with: Callable[[set[str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_with(set())
    monkeypatch.setattr(engine, "fetch", lambda _: None)
    monkeypatch.setattr(engine, "identity", lambda _: "sha256:another")
    these = Plan({"bookworm": "debian:12-slim", "trixie": "debian:13-slim"})
    assert these.tag("rootfs-bookworm") == "debian:12-slim"
    assert not [title for title in titles(these) if title.startswith("Debian")]


def test_what_asks_for_packages_is_no_source_what_pins_them_is() -> None:
    for recipe in RECIPES:
        names = sources(recipe)
        assert "Dockerfile" in names
        assert not [name for name in names if name.endswith(".in")]
    hub = next(recipe for recipe in RECIPES if recipe.name == "hub")
    assert {"requirements.lock", "source/hub/settings.py", "source/pyproject.toml"} <= set(
        sources(hub)
    )


def test_the_images_are_in_the_order_in_which_they_can_be_built() -> None:
    seen: set[str] = {"rootfs-bookworm", "rootfs-trixie"}
    for recipe in RECIPES:
        assert set(recipe.parents.values()) <= seen
        seen.add(recipe.name)
    assert [recipe.name for recipe in RECIPES] == ORDER
    assert plan.RECIPES is RECIPES
