"""The documents say what the figures say, and the figures what the scorecard says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from features import policy as inputs
from features.errors import MissingFile
from flows import deployments, documents
from flows.operations.measure import Measure
from flows.reports import paper, run_figures, run_report
from flows.reports.documents import figures, measured, render
from flows.reports.documents.agreement import InForce, disagreements, faults
from scoring import files
from scoring.policy import Policy, policy
from scoring.scorecard import Scorecard
from tests import training_world as world

ALLOWED_NUMBERS = {
    "365243": "the archive's code for a day that does not apply",
    "95 %": "the level of every interval, a convention",
    "2018": "year of the public competition",
    "2017": "year of the paper on beta calibration",
    "2024": "AI Act, Regulation (EU) 2024/1689",
    "1689": "AI Act, Regulation (EU) 2024/1689",
    "2020": "EBA/GL/2020/06",
    "2023": "Directive (EU) 2023/2225",
    "2225": "Directive (EU) 2023/2225",
    "3.1": "OpenAPI 3.1",
    "256": "SHA-256",
    "025": "name of a file of another project",
    "120": "a window in the code of another project",
    "500": "neighbours in a feature of other projects",
}
"""What a template may hold as typed, and why: never a figure of ours."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small training run, as the flow leaves it."""
    home = world.prepared().folder.parent.parent
    folder = home / "runs" / tmp_path_factory.mktemp("run").name
    folder.mkdir(parents=True)
    run_report.write(folder, world.run())
    run_report.add_costs(folder, [Measure("learn", 1.5, 200.0)])
    return folder


@pytest.fixture(scope="module")
def taken(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures taken from that run, and nothing but what is required beside them."""
    folder = tmp_path_factory.mktemp("figures")
    figures.take_from_run(run, tmp_path_factory.mktemp("store"), lambda _line: None, folder)
    anchors = (figures.FIGURES / "anchors.json").read_text(encoding="utf-8")
    (folder / "anchors.json").write_text(anchors, encoding="utf-8")
    return folder


def test_the_documents_are_what_their_figures_give() -> None:
    """A hand edit, or a figure that changed without its documents, is seen."""
    assert not list(render.stale(figures.load())), "run make docs"


def test_a_changed_figure_makes_the_documents_stale() -> None:
    """Each document quotes the run: another AUC, cut-off or count is another text."""
    found = figures.load()
    metrics = {**found["run"]["metrics"], "auc": 0.5}
    changed = {**found, "run": {**found["run"], "metrics": metrics, "cut_off": 0.5}}
    stale = set(render.stale(changed))
    assert {render.NOTE, render.NOTE_PDF, "presentation.html"} <= stale
    assert {"model-card.md", "model-card.fr.md", "technical-file.fr.md"} <= stale


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> InForce:
    """The scorecard of the small run, registered, and both policies."""
    folder = tmp_path_factory.mktemp("scorecard")
    world.write_scorecard(folder)
    return InForce("scorecard:small", folder, policy(), inputs.policy())


@pytest.fixture(scope="module")
def docs(held: InForce, run: Path, taken: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents of the small run, with a judge's figures; ``home`` holds its run."""
    folder = tmp_path_factory.mktemp("docs")
    home = folder / "home"
    identity = files.scorecard_hash(files.read(held.scorecard)[1])
    values = {**figures.read_run(run), "scorecard_hash": identity, "model_tag": held.tag}
    shutil.copytree(taken, folder / "figures")
    run_report.write_json(folder / "figures" / "run.json", values)
    (home / "runs" / values["run"]).mkdir(parents=True)
    run_report.write_json(home / "runs" / values["run"] / "run.json", values)
    judged = (figures.FIGURES / "judge-core.json").read_text(encoding="utf-8")
    (folder / "figures" / "judge-core.json").write_text(judged, encoding="utf-8")
    parts = "\n".join(mark for part in measured.PARTS for mark in measured.marks(part))
    (folder / measured.PAGE).write_text(parts, encoding="utf-8")
    render.write(figures.load(folder / "figures"), folder)
    measured.write(folder)
    page = paper.page(Scorecard.load(held.scorecard), held.tag)
    (folder / paper.PAGE).write_text(page, encoding="utf-8")
    return folder


def test_documents_of_what_is_in_force_pass_the_check(
    held: InForce, docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rendered from a run, its judge and the policies in force, nothing is found wrong."""
    assert documents.check(held, docs, docs / "home") == 0, capsys.readouterr().err


def _changed(path: Path, *place: str | int, to: object) -> None:
    """Change one value of a JSON file by hand."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    value = whole
    for part in place[:-1]:
        value = value[part]
    assert value[place[-1]] != to
    value[place[-1]] = to
    path.write_text(json.dumps(whole), encoding="utf-8")


def _all_faults(held: InForce, copy: Path, docs: Path) -> str:
    return "\n".join(faults(held, copy, docs / "home"))


def test_a_run_changed_by_hand_fails_the_check(held: InForce, docs: Path, tmp_path: Path) -> None:
    """What the scorecard or a policy holds is compared with it, all else with the run's folder."""
    copy = shutil.copytree(docs, tmp_path / "docs")
    run = copy / "figures" / "run.json"
    _changed(run, "metrics", "auc", to=0.9)
    _changed(run, "cut_off", to=0.2)
    _changed(run, "prices", "age", "auc", to=0.9)
    _changed(run, "fairness", "groups", 0, "clients", to=9)
    _changed(run, "inputs", "denied", "gender", "fr", to="Non.")
    render.write(figures.load(copy / "figures"), copy)
    said = _all_faults(held, copy, docs)
    for name in ("metrics.auc", "cut_off", "inputs.denied"):
        assert f"{name}: the documents say" in said
    for name in ("prices", "fairness"):
        assert f"{name}: the documents do not say what the run" in said
    assert "make docs" not in said


def test_any_other_figure_changed_by_hand_fails_the_check(
    held: InForce, docs: Path, tmp_path: Path
) -> None:
    """Judge's, published and explored figures: what quotes them is not what they give."""
    copy = shutil.copytree(docs, tmp_path / "docs")
    held_figures = copy / "figures"
    _changed(held_figures / "judge-core.json", "grid", "auc", to=0.9)
    _changed(held_figures / "anchors.json", "simple_features", "core", "auc_honest", to=0.9)
    _changed(held_figures / "exploration.json", "labelled", "rate", to=0.9)
    said = _all_faults(held, copy, docs)
    names = (render.NOTE, render.NOTE_PDF, "model-card.md", "technical-file.fr.md")
    for name in (*names, "kernels.fr.md", "exploration.html", "presentation.html", measured.PAGE):
        assert f"{name} is not what make docs gives" in said


@pytest.mark.parametrize("place", [("40 items", "auc"), ("prices", "age", "cost_error")])
def test_what_the_tables_of_measures_alone_quote_is_checked_too(
    place: tuple[str, ...], docs: Path, tmp_path: Path
) -> None:
    """A judged variant stands in no other document than the page of measurements."""
    copy = shutil.copytree(docs, tmp_path / "docs")
    assert not list(measured.stale(copy))
    _changed(copy / "figures" / "judge-core.json", *place, to=0.9)
    assert list(measured.stale(copy)) == [measured.PAGE]


def test_a_document_changed_by_hand_fails_the_check(
    held: InForce, docs: Path, tmp_path: Path
) -> None:
    """One digit in any document, picture or page of tables is seen."""
    copy = shutil.copytree(docs, tmp_path / "docs")
    names = ("model-card.md", render.NOTE_PDF, "images/cost.svg", measured.PAGE, paper.PAGE)
    for name in names:
        held_now = (copy / name).read_bytes()
        (copy / name).write_bytes(held_now.replace(b"1", b"2", 1))
    said = _all_faults(held, copy, docs)
    for name in names:
        assert f"{name} is not what make docs gives" in said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("denied", "gender", "fr"), "inputs.denied:"),
        (("denied_groups", "building", "en"), "inputs.denied:"),
        (("denied_categories", "income_type", "Maternity leave", "fr"), "inputs.denied_categories"),
        (("documented", "children_count", "en"), "inputs.documented:"),
    ],
)
def test_a_changed_policy_on_inputs_fails_the_check(
    place: tuple[str, ...], said: str, held: InForce, docs: Path, tmp_path: Path
) -> None:
    """Another reason in either language, of a column, a group or a category."""
    file = shutil.copy(inputs.FILE, tmp_path / "policy.json")
    _changed(file, *place, to="Un autre motif.")
    changed = replace(held, inputs=inputs.read(file))
    found = list(disagreements(changed, figures.read_run(docs / "figures")))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_changed_policy_on_lending_fails_the_check(held: InForce, docs: Path) -> None:
    """Even another reason of a rule is another policy than the one the documents quote."""
    rules = policy().model_dump(mode="json")
    rules["rules"][0]["basis"] = "Another reason."
    changed = replace(held, policy=Policy.model_validate(rules))
    found = list(disagreements(changed, figures.read_run(docs / "figures")))
    assert len(found) == 1
    assert found[0].startswith("policy.identity:")


def test_the_documents_say_when_the_flows_run() -> None:
    """Monitoring each day, scores each Monday, training each month: as the deployments have it."""
    assert deployments.MONITOR_DAILY.split()[2:] == ["*", "*", "*"]
    assert deployments.SCORE_MONDAY.split()[2:] == ["*", "*", "1"]
    assert deployments.TRAIN_MONTHLY.split()[2:] == ["1", "*", "*"]


def test_any_run_renders(taken: Path) -> None:
    """Another run's figures, without any optional one, fill every document."""
    texts = _texts(figures.load(taken))
    run = json.loads((taken / "run.json").read_text(encoding="utf-8"))
    for name in ("note-methodologique.md", "model-card.fr.md", "technical-file.md"):
        assert run["model_tag"] in texts[name]
    assert not [name for name, text in texts.items() if "Undefined" in text or "{{" in text]


def test_what_was_judged_is_said(taken: Path) -> None:
    """With the judge's figures, each extract has its quality and its price of transparency."""
    found = figures.load(taken)
    judged = {**found, "judge_core": _judged(found["run"])}
    texts = _texts(judged)
    for name in ("model-card.md", "technical-file.md", "kernels.md", "presentation.html"):
        assert "0.8123" in texts[name].replace(",", "."), name
    assert "l'extrait avec historiques" in texts["note-methodologique.md"]


def _judged(run: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**run["metrics"], "auc": 0.8123, "auc_interval": [0.80, 0.82]}
    gap = run["price_of_transparency"]
    return {
        "grid": whole,
        "reference": {**whole, "auc": 0.8123 + gap["auc"]},
        "differences": {"reference": gap},
        "prices": run["prices"],
    }


@pytest.mark.parametrize("name", [d.name for d in render.DOCUMENTS if d.language == "fr"])
def test_no_english_is_left_in_french(name: str) -> None:
    """But names of others' works, code and addresses, a French document speaks French."""
    text = _committed()[name].replace("LightGBM with Simple Features", "")
    for hidden in (
        r"<(style|script|svg|code)\b.*?</\1>",
        r"<[^>]+>",
        r"`[^`]*`",
        r"\[[^\]]*\]\([^)]*\)",
    ):
        text = re.sub(hidden, "", text, flags=re.DOTALL)
    assert not re.findall(r"\b(?:the|and|of|with|are|is|from|for|Head)\b[^|]{0,40}", text)


@pytest.mark.parametrize("name", ["kernels", "model-card", "technical-file"])
def test_both_languages_say_the_same_figures(name: str) -> None:
    """What is measured and quoted in English is quoted in French, and the other way round."""
    texts = _committed()
    english, french = texts[f"{name}.md"], texts[f"{name}.fr.md"]
    assert _figures_of(english, ",", ".") == _figures_of(french, "\u202f", ",")


def _figures_of(text: str, thousands: str, decimal: str) -> set[str]:
    """Return the numbers with decimals of the tables' rows, as English writes them.

    Rules are left out: why each stands is signed in English alone.
    """
    lines = text.splitlines()
    rows = "\n".join(line for line in lines if line.startswith("|") and not line.startswith("| `"))
    pattern = rf"\d+(?:{re.escape(thousands)}\d{{3}})*{re.escape(decimal)}\d+(?![\w.])"
    found = re.findall(pattern, re.sub(r"`[^`]*`|<[^>]*>", "", rows))
    return {number.replace(thousands, "").replace(decimal, ".") for number in found}


@lru_cache(maxsize=1)
def _committed() -> dict[str, str]:
    """The documents that the committed figures give."""
    return _texts(figures.load())


def _texts(found: dict[str, Any]) -> dict[str, str]:
    contents = render.rendered(found)
    return {d.name: contents[d.name].decode() for d in render.DOCUMENTS}


def test_no_person_is_shown_unless_invented(taken: Path) -> None:
    """A run on other data than the demo's portfolio leaves no example of a client."""
    assert not (taken / "example.json").exists()
    texts = _texts(figures.load(taken))
    assert "un client synthétique" not in texts["presentation.html"]
    assert "Un client **synthétique**" not in texts[render.NOTE]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("scorecard_hash", {"scorecard_hash": "0" * 64}),
        ("feature_version", {"feature_version": "another"}),
        ("item_count", {"item_count": 3}),
        ("cut_off", {"cut_off": 0.2}),
        ("grey_zone", {"grey_zone": [0.1, 0.3]}),
        ("policy.identity", {"policy": {"identity": "another"}}),
        ("model_tag", {"model_tag": "scorecard:other"}),
        ("inputs.denied", {"inputs": {"denied": {}}}),
        ("metrics.auc", {"metrics": {**world.judgements()[0].figures, "auc": 0.99}}),
        ("metrics.expected_cost", {"metrics": {"auc": world.judgements()[0].figures["auc"]}}),
    ],
)
def test_a_figure_that_disagrees_is_named(
    name: str, changed: dict[str, object], held: InForce, docs: Path
) -> None:
    """What the documents quote and the scorecard does not say, is said by its name."""
    said = {**figures.read_run(docs / "figures"), **changed}
    assert any(sentence.startswith(f"{name}:") for sentence in disagreements(held, said))


def test_a_curve_that_was_not_registered_is_named(held: InForce, docs: Path) -> None:
    """A document may draw no curve but the grid's own."""
    said = json.loads(json.dumps(figures.read_run(docs / "figures")))
    said["items"][0]["curve"]["effects"][0] += 1e-3
    item = said["items"][0]["item"]
    found = list(disagreements(held, said))
    assert any(sentence.startswith(f"items.{item}:") for sentence in found)


def test_the_check_fails_on_another_scorecard(
    held: InForce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command refuses a scorecard the committed documents do not describe, and says why."""
    assert documents.check(held, render.DOCS, tmp_path) == 1
    said = capsys.readouterr().err
    assert "metrics.auc: the documents say" in said
    assert "make docs FROM=last" in said


def test_figures_without_a_run_are_refused(tmp_path: Path) -> None:
    """Nothing is rendered from nothing: the message says what to run."""
    with pytest.raises(MissingFile, match=r"flows\.documents --run"):
        figures.load(tmp_path)
    with pytest.raises(MissingFile, match=r"run\.json"):
        figures.read_run(tmp_path)
    with pytest.raises(MissingFile, match="make train"):
        figures.newest_run(tmp_path)


@pytest.mark.parametrize("name", [document.template for document in render.DOCUMENTS])
def test_no_figure_is_typed_by_hand(name: str) -> None:
    """Decimals, percentages and large numbers come from JSON, or are allowed with their reason."""
    typed = re.findall(
        r"\d+[.,]\d+|\d+\s?%|\d{3,}", _prose((render.TEMPLATES / name).read_text(encoding="utf-8"))
    )
    assert not set(typed) - set(ALLOWED_NUMBERS)


def _prose(text: str) -> str:
    """Return what a reader would read of a template, without expressions, styles and addresses."""
    for hidden in (
        r"\{% block style %\}.*?\{% endblock %\}",
        r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}",
        r"<(style|script)>.*?</\1>",
        r"https?://[^\s>)]+",
        r"<[^>]+>",
    ):
        text = re.sub(hidden, "", text, flags=re.DOTALL)
    return text


def test_every_published_figure_has_its_source() -> None:
    """Each figure of others stands beside where it was read, or how it was measured."""
    anchors = figures.load()["anchors"]
    for group in anchors.values():
        assert group["source"].strip()
    published = [value for value in anchors["published"].values() if isinstance(value, dict)]
    assert published
    assert all(value["url"].startswith("https://") for value in published)


def test_the_explanatory_figures_are_of_groups(taken: Path) -> None:
    """No group of fewer than twenty clients in what is explored, and no identifier."""
    explored = json.loads((taken / "exploration.json").read_text(encoding="utf-8"))
    assert min(_clients(explored)) >= 20
    ids = world.parts()[0].client_ids[:50].tolist()
    text = json.dumps(explored)
    assert not [client for client in ids if re.search(rf"\b{client}\b", text)]


def _clients(value: object) -> list[int]:
    if isinstance(value, dict):
        own = [value["clients"]] if isinstance(value.get("clients"), int) else []
        return own + [count for item in value.values() for count in _clients(item)]
    if isinstance(value, list):
        return [count for item in value for count in _clients(item)]
    return []


def test_the_run_figures_are_plain_values() -> None:
    """What run.json holds survives JSON unchanged, so documents and report read the same."""
    values = run_figures.run_figures(world.run())
    assert json.loads(json.dumps(values))["metrics"] == values["metrics"]
