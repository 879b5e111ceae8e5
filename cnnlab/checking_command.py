"""The command `python -m cnnlab check`: it prints what is wrong in lessons, for people and for machines.

It knows neither lessons nor mistakes beyond how they are written down.
"""

from pathlib import Path

import click

from cnnlab.course.checking import VARIANTS, Check, NothingToCheck, check_lessons
from cnnlab.course.expressions import ExpressionError
from cnnlab.course.grading.key import answer_key
from cnnlab.course.kept_ids import NAME, write_kept_ids
from cnnlab.course.mistakes import Mistake, Severity
from cnnlab.course.sampling import sampled

FORMATS = {"text": Mistake.text, "json": Mistake.as_json, "github": Mistake.github}


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("lessons"))
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="For whom."
)
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@click.option("--lock", is_flag=True, help="Write down the ids that learners' answers are kept under.")
@click.option("--answers", is_flag=True, help="Print the right answer of every question.")
@click.option(
    "--variants",
    type=click.IntRange(1, 10_000),
    default=VARIANTS,
    show_default=True,
    help="Sets of numbers to try a question with.",
)
@click.pass_context
def check(context: click.Context, path: Path, form: str, strict: bool, **more: int) -> None:
    """Check a lesson or a folder of lessons, and name every mistake at its line.

    The exit code is 1 if there is an error, with --strict also if there is a warning.
    """
    try:
        result = check_lessons(path, more["variants"])
    except NothingToCheck as problem:
        raise click.UsageError(str(problem), context) from None
    for mistake in result.mistakes:
        click.echo(FORMATS[form](mistake))
    if more["answers"]:
        _print_answers(result)
    if more["lock"]:
        click.echo(_lock(context, path, result), err=form != "text")
    if form == "text":
        click.echo(_summary(result))
    context.exit(1 if result.failed(strict) else 0)


def _lock(context: click.Context, path: Path, result: Check) -> str:
    """Write down the ids, unless a mistake may hide some of them, and say what was done."""
    if not path.is_dir():
        raise click.UsageError("--lock is about all lessons: name their folder.", context)
    if any(one.findings.failed for one in result.lessons):
        return "The ids were not written down: repair the errors first."
    try:
        count = write_kept_ids(path, result.lessons)
    except OSError as problem:
        raise click.ClickException(f"{path / NAME} could not be written: {problem.strerror}.") from None
    return f"{count} ids are written down in {(path / NAME).as_posix()}."


def _print_answers(result: Check) -> None:
    for one in result.lessons:
        for question in one.lesson.questions if one.lesson else ():
            values = next(sampled(question, 1), {})
            numbers = ", ".join(f"{name} = {value}" for name, value in values.items())
            try:
                answer = answer_key(question, values)
            except ExpressionError:
                answer = "–"
            given = f" ({numbers})" if numbers else ""
            click.echo(f"{one.name}:{question.line}: {question.id}{given}: {answer}")


def _summary(result: Check) -> str:
    errors = sum(one.severity is Severity.ERROR for one in result.mistakes)
    counts = (
        (len(result.lessons), "lesson"),
        (errors, "error"),
        (len(result.mistakes) - errors, "warning"),
    )
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
