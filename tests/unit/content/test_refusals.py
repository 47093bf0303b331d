"""What the builder refuses, one case a test: file, cell, reason, remedy; nothing written."""

import re
import string
from pathlib import Path

import pytest
from build import main
from builder.faults import _MESSAGES, Fault, Refused
from builder.review import accept

from tests.unit.content.conftest import ROOT, SAMPLE, Course


def test_a_sound_course_has_no_fault(course: Course) -> None:
    assert course.faults() == []


def test_a_missing_language_is_refused(course: Course) -> None:
    course.change(
        '# %% [markdown] key="svd-thm" lang="fr"', '# %% [markdown] key="svd-b" lang="fr"'
    )
    assert set(course.faults()) >= {("svd-thm", "missing_language"), ("svd-b", "missing_language")}


def test_an_unreviewed_translation_is_refused(course: Course) -> None:
    more = '\n# %% [markdown] key="n" lang="{0}"\n# {0}\n'
    course.source.write_text(SAMPLE + more.format("en") + more.format("fr"), "utf-8")
    assert course.faults() == [("n", "unreviewed")]


def test_a_stale_translation_is_refused_in_either_direction(course: Course) -> None:
    course.change("The kernel has", "The null space has")
    assert course.faults() == [("svd-thm", "stale_fr")]
    course.change("Le noyau a", "Son noyau a")
    assert course.faults() == [("svd-thm", "both_changed")]
    course.change("The null space has", "The kernel has")
    assert course.faults() == [("svd-thm", "stale_en")]


def test_a_stale_label_of_a_figure_is_refused(course: Course) -> None:
    course.change('T("rank $k$"', 'T("the rank $k$"')
    assert course.faults() == [("svd-fig", "stale_fr")]


def test_a_broken_line_does_not_make_a_translation_stale(course: Course) -> None:
    course.change("The kernel has", "The kernel\n# has")
    assert course.faults() == []


def test_accept_records_the_review_of_one_cell(course: Course) -> None:
    course.change("The kernel has", "The null space has")
    course.change('T("rank $k$"', 'T("the rank $k$"')
    assert accept(course.library, ["d1-03/svd-thm"]) == ["d1-03/svd-thm"]
    assert course.faults() == [("svd-fig", "stale_fr")]
    assert accept(course.library, [str(course.source)]) == ["d1-03/svd-fig"]
    assert course.faults() == []


@pytest.mark.parametrize("name", ["d9-99", "d1-03/no-such-cell", "no/such/file.py"])
def test_accept_refuses_the_name_of_nothing(course: Course, name: str) -> None:
    with pytest.raises(Refused):
        accept(course.library, [name])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\\varepsilon = 0{,}05", "\\varepsilon = 0{,}06"),
        ("\\sigma_i u_i v_i^\\top", "\\sigma_i v_i u_i^\\top"),
        (" et $\\varepsilon = 0{,}05$", ""),
        ('"rang $k$"', '"rang $2k$"'),
    ],
)
def test_formulas_that_differ_are_refused(course: Course, old: str, new: str) -> None:
    course.change(old, new)
    accept(course.library, ["d1-03"])
    assert [name for _, name in course.faults()] == ["formulas"]


def test_code_tokens_that_differ_are_refused(course: Course) -> None:
    course.change('f"au rang {k}"', 'f"au rang {k + 1}"')
    accept(course.library, ["d1-03"])
    assert ("svd-fig", "code_tokens") in course.faults()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('print("the error")', "string_in_one_language"),
        ('print(f"error {k}")', "string_in_one_language"),
        ('ax.plot(k, label="the loss")', "string_in_one_language"),
        ('ax.legend(["one curve", "k"])', "string_in_one_language"),
        ('print("rank {}".format(k))', "string_in_one_language"),
        ("# the rank", "comment_in_one_language"),
        ("k = 4  # the rank", "comment_in_one_language"),
        ("k = 4  # en: the rank", "comment_in_one_language"),
        ("# en: the rank", "unpaired_comment"),
        ("# en: the rank\n    # fr: le rang", "unpaired_comment"),
        ("%matplotlib inline", "not_python"),
        ("k = (", "not_python"),
        ("print(T('one'))", "translation_call"),
        ("print(T('one', k))", "translation_call"),
        ("print(T('one', ''))", "translation_call"),
        ("print(T('one',\n    'un'))", "translation_call"),
        ("print(f\"{T('one', 'un')}\")", "translation_call"),
    ],
)
def test_words_in_one_language_are_refused(course: Course, line: str, fault: str) -> None:
    course.change("k = 3", line)
    assert fault in {name for _, name in course.faults()}


@pytest.mark.parametrize(
    "line", ["# (n, d)", "k = 4  # set_xlabel", 'print("k =", k)', 'ax.plot(k, "o-", label="$k$")']
)
def test_what_belongs_to_no_language_is_left_alone(course: Course, line: str) -> None:
    course.change("k = 3", line)
    accept(course.library, ["d1-03"])
    assert course.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    # END SOLUTION\n", "", "unclosed_solution"),
        ("    # BEGIN SOLUTION\n", "", "unopened_solution"),
        ("    U, s", "    # BEGIN SOLUTION\n    U, s", "nested_solution"),
        (' tags=["exercise"]', "", "solution_without_exercise"),
    ],
)
def test_an_ill_marked_solution_is_refused(course: Course, old: str, new: str, fault: str) -> None:
    course.change(old, new)
    assert ("svd-ex1", fault) in course.faults()


def test_an_exercise_without_a_solution_is_refused(course: Course) -> None:
    course.change('# %% key="imports"', '# %% key="imports" tags=["exercise"]')
    assert course.faults() == [("imports", "exercise_without_solution")]


def test_a_solution_line_in_another_cell_is_refused(course: Course) -> None:
    course.change("k = 3", "k = 3\nU, s, Vt  = np.linalg.svd(A, full_matrices=False)")
    assert course.faults() == [("svd-ex1", "leak")]


def test_a_solution_line_in_the_text_is_refused(course: Course) -> None:
    course.change("# The kernel has", "#     return (U[:, :k] * s[:k]) @ Vt[:k]\n# The kernel has")
    accept(course.library, ["d1-03"])
    assert course.faults() == [("svd-ex1", "leak")]


def test_a_whole_solution_in_the_package_is_refused(course: Course) -> None:
    lines = SAMPLE.split("# BEGIN SOLUTION\n")[1].split("    # END")[0]
    (course.root / "airina" / "answers.py").write_text("def f(A, k):\n" + lines, "utf-8")
    assert course.faults() == [("svd-ex1", "leak")]


def test_a_leaked_line_is_found_in_the_words_of_its_language(course: Course) -> None:
    course.change(
        "    U, s, Vt =", '    print(T("the answer", "voici la réponse"))\n    U, s, Vt ='
    )
    course.change(
        "# Le noyau a",
        '# `print("voici la réponse")`\n#\n#     print("voici la réponse")\n# Le noyau a',
    )
    accept(course.library, ["d1-03"])
    assert ("svd-ex1", "leak") in course.faults()


def test_a_file_of_another_encoding_is_refused_and_a_byte_order_mark_is_not(course: Course) -> None:
    text = course.source.read_text("utf-8")
    course.source.write_bytes(text.encode("utf-8-sig"))
    assert course.faults() == []
    course.source.write_bytes(text.encode("utf-16"))
    assert course.faults() == [("", "encoding")]


def test_a_lock_with_the_marks_of_a_merge_is_refused(course: Course) -> None:
    course.library.lock.write_text("<<<<<<< HEAD\n{}\n", "utf-8")
    assert course.faults() == [("", "lock")]


def test_windows_line_ends_change_nothing(course: Course) -> None:
    text = course.source.read_text("utf-8")
    before = course.library.release()
    course.source.write_bytes(text.replace("\n", "\r\n").encode())
    assert course.library.release() == before


def test_a_duplicate_key_is_refused(course: Course) -> None:
    course.change('key="svd-fig"', 'key="imports"')
    assert ("imports", "duplicate_key") in course.faults()


def test_languages_that_stand_apart_are_refused(course: Course) -> None:
    french = '# %% [markdown] key="svd-thm" lang="fr"'
    course.change(french, f'# %% key="between"\npass\n\n{french}')
    assert ("svd-thm", "duplicate_key") in course.faults()


@pytest.mark.parametrize("key", ["svd-thm", "svd-ex1", "imports", "svd-eq"])
def test_a_renamed_key_is_refused_and_its_old_name_is_told(course: Course, key: str) -> None:
    text = course.source.read_text("utf-8").replace(f'key="{key}"', 'key="other"')
    course.source.write_text(text, "utf-8")
    assert course.faults() == [("other", "renamed_key")]


def test_a_removed_cell_is_refused_until_its_removal_is_accepted(course: Course) -> None:
    course.change('# %% key="svd-ex1-check"\ncheck("d1_03.ex1", best_rank_k)\n', "")
    assert course.faults() == [("svd-ex1-check", "vanished_key")]
    accept(course.library, ["d1-03/svd-ex1-check"])
    assert course.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('key="imports"', 'key="Imports"', "key"),
        ('key="imports"', "", "key"),
        ('key="imports"', 'key="imports" tags=["excercise"]', "tag"),
        ('key="imports"', 'key="imports" lang="en"', "code_language"),
        ('key="imports"', 'key="imports" hidden="yes"', "heading"),
        ('key="imports"', "key=imports", "heading"),
        ('key="svd-eq" lang="any"', 'key="svd-eq" lang="de"', "cell_language"),
        ("# **Theorem.**", "**Theorem.**", "not_commented"),
        ("import numpy as np\n", "", "empty_cell"),
        ("# $$\\min", "# The minimum: $$\\min", "words_for_any"),
    ],
)
def test_a_fault_of_form_is_refused(course: Course, old: str, new: str, fault: str) -> None:
    course.change(old, new)
    assert fault in {name for _, name in course.faults()}


def test_text_before_the_first_cell_is_refused(course: Course) -> None:
    course.source.write_text("import numpy\n" + SAMPLE, "utf-8")
    assert course.faults() == [("", "text_before_cells")]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("days:", "days", "programme_yaml"),
        ("days:", "weeks:", "programme_shape"),
        ("    title: {fr: Algèbre linéaire, en: Linear algebra}\n", "", "programme_day"),
        ("fr: La SVD, ", "", "programme_title"),
        (", minutes: 45", "", "programme_notebook"),
        ("minutes: 45", "minutes: long", "programme_minutes"),
        ("id: d1-03", "id: d1-04", "programme_name"),
        ("03-svd", "03-pca", "programme_no_source"),
        ("03-svd", "03-pca", "programme_not_listed"),
    ],
)
def test_a_programme_at_fault_is_refused(course: Course, old: str, new: str, fault: str) -> None:
    path = course.root / "programme.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert fault in {name for _, name in course.faults()}


def test_all_faults_of_all_files_are_told_at_once_with_place_and_remedy(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course.change("Le noyau a", "Son noyau a")
    course.change("k = 3", 'print("the error")')
    course.source.with_name("04-other.py").write_text("# %% [markdown]\n# No key.\n", "utf-8")
    assert main(["--lang", "fr"], course.root) == 1
    told = capsys.readouterr().err.splitlines()
    assert not course.library.build.exists()
    assert len(told) == 4
    assert all("Que faire" in line for line in told[:-1])
    assert re.match(r"src/day1/03-svd\.py:\d+, svd-thm\u00a0: le français a changé", told[0])
    assert "src/day1/04-other.py" in told[2]
    assert "3" in told[-1]


def test_the_line_of_a_fault_is_the_line_in_the_file(course: Course) -> None:
    course.change("k = 3", 'print("the error")')
    with pytest.raises(Refused) as refused:
        course.library.release()
    fault = refused.value.faults[0]
    line = course.source.read_text("utf-8").split("\n")[(fault.line or 0) - 1]
    assert line == 'print("the error")'


def test_every_message_says_what_and_what_to_do_in_both_languages_with_the_same_places() -> None:
    for name, message in _MESSAGES["fault"].items():
        places = []
        for language in ("en", "fr"):
            what, remedy = message[language]
            assert what.strip()
            assert remedy.strip()
            texts = string.Formatter().parse(what + remedy)
            places.append(sorted(field for _, field, _, _ in texts if field))
        assert places[0] == places[1], name


def test_every_fault_has_its_message_and_every_message_its_fault() -> None:
    content = ROOT / "content"
    files = [content / "execute.py", *sorted((content / "builder").glob("*.py"))]
    code = "\n".join(path.read_text("utf-8") for path in files)
    named = set(re.findall(r'"([a-z_]+)"', code))
    assert set(_MESSAGES["fault"]) <= named


def test_a_fault_is_told_with_its_file_and_its_cell() -> None:
    fault = Fault(Path("src/day1/03-svd.py"), "empty_cell", "svd", 12)
    assert fault.said("en").startswith("src/day1/03-svd.py:12, svd: the cell is empty. What to do:")
