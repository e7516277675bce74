"""``vha explain`` and ``vha access-pack``: look, write down that somebody looked, and only then show."""

from __future__ import annotations

from pathlib import Path

from vha.errors import ConfigurationError
from vha.explain import access_log, words
from vha.explain.access_log import Access
from vha.explain.explanation import explain
from vha.explain.facts import facts_of, release_of
from vha.explain.holdings import holdings_of
from vha.explain.pack import write_pack
from vha.explain.pages import day, render
from vha.files import write_whole
from vha.publish.releases import Release, is_synthetic
from vha.publish.sign_off import current_account
from vha.settings import Settings


def explain_command(
    settings: Settings, nominal_id: str, reason: str | None, run_id: str | None, html: str | None
) -> int:
    """Explain a person's place on a list, on the terminal or as a page.

    Of somebody who is not listed, and of a person nobody has heard of, the same is said: that they are not on it.

    Args:
        run_id: the release; None for the current one.
        html: file to write instead; for this account alone.

    Returns:
        The exit code 0.

    Raises:
        ConfigurationError: no good reason, no such release, no such folder, or the use cannot be logged.
        PublishError: the release contradicts itself.
    """
    code = words.one_of(words.REASONS, reason, "--reason")
    release = release_of(settings, run_id)
    if html is not None and not Path(html).resolve().parent.is_dir():
        raise ConfigurationError(f"There is no folder for {html}: make it, or choose another file.")
    facts = facts_of(settings, release, nominal_id)
    _log(settings, "explain", nominal_id, code, release, found=facts is not None)
    explanation = explain(facts) if facts else None
    content = {
        "explanation": explanation,
        "sentence": words.NOT_LISTED.format(as_of=day(release.as_of)),
        "title": f"A person and the list of {day(release.as_of)}",
        "run_id": release.run_id,
        "as_of": release.as_of,
        "synthetic": is_synthetic(release),
    }
    name = "explanation" if explanation else "not_listed"
    shown = render(f"{name}.{'txt' if html is None else 'html'}.j2", **content)
    if html is None:
        print(shown.strip())
    else:
        write_whole(Path(html), shown)
    return 0


def access_pack_command(
    settings: Settings, nominal_id: str, reason: str | None, out: str, refuse: str | None
) -> int:
    """Write what is held on a person, for the data-protection officer to decide on.

    Args:
        out: folder to make, for this account alone.
        refuse: code of the ground on which access is refused; None if it is not.

    Returns:
        The exit code 0.

    Raises:
        ConfigurationError: no good reason or ground, no release, the folder is there already or cannot be made,
            or the use cannot be logged.
    """
    code = words.one_of(words.REASONS, reason, "--reason")
    ground = None if refuse is None else words.one_of(words.REFUSALS, refuse, "--refuse")
    release = release_of(settings, None)
    folder = Path(out).resolve()
    if folder.exists() or not folder.parent.is_dir():
        raise ConfigurationError(
            f"The pack needs a new folder, and {out} is there already, or the folder around it is not: "
            "choose another with `--out`."
        )
    holdings = holdings_of(settings, release, nominal_id)
    access = _log(settings, "access-pack", nominal_id, code, release, found=holdings.is_anything())
    write_pack(settings, folder, release, holdings, access, ground)
    print(f"The pack is in {out}; its reference is {access.reference}.")
    return 0


def _log(
    settings: Settings, command: str, nominal_id: str, reason: str, release: Release, *, found: bool
) -> Access:
    return access_log.log(
        settings,
        command=command,
        account=current_account(),
        nominal_id=nominal_id,
        reason=reason,
        run_id=release.run_id,
        found=found,
    )
