"""The command `vha`: reads its arguments, calls one function, and turns what a user caused into one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from vha.errors import VhaError
from vha.settings import SYSTEMS, Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit code: 0 done, 2 blocked by quality, 3 awaiting or refused sign-off, 1 anything else; like every
        command, 2 too for arguments that make no sense.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(Settings.from_environment(), options))
    except VhaError as error:
        print(f"vha: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("vha: interrupted; nothing was published.", file=sys.stderr)
        return 1


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from vha.orchestrate.in_process import run_in_process

    return run_in_process(settings, options.as_of, options.correct)


def _sign_off(settings: Settings, options: argparse.Namespace) -> int:
    from vha.orchestrate.decide import sign_off_command

    return sign_off_command(settings, options.run_id, options.decision, options.note)


def _create_sources(settings: Settings, options: argparse.Namespace) -> int:
    from vha.synthetic import create

    folder = options.out or f"{settings.home}/sources"
    urls = {system: options.url or f"sqlite:///{folder}/{system}.db" for system in SYSTEMS}
    print(create(options.scale, options.seed, urls))
    return 0


def _check_sources(settings: Settings, options: argparse.Namespace) -> int:
    from vha.extract import check_sources

    findings = check_sources(settings)
    for finding in findings:
        print(finding)
    return 1 if any(finding.problem for finding in findings) else 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from vha.orchestrate.serve import serve

    return serve(settings, options.airflow_port, options.site_port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vha", description="The Violence Harm Assessment pipeline.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the DAG once, in this process, from the sources to a release")
    run.add_argument("--as-of", metavar="DATE", help="the date of the assessment, YYYY-MM-DD")
    run.add_argument("--correct", metavar="REASON", help="why there should be a second release for the date")
    run.set_defaults(command=_run)

    decide = commands.add_parser("sign-off", help="decide about a candidate; approving it publishes it")
    decide.add_argument("run_id", metavar="RUN_ID")
    decision = decide.add_mutually_exclusive_group(required=True)
    decision.add_argument("--approve", dest="decision", action="store_const", const="approved")
    decision.add_argument("--reject", dest="decision", action="store_const", const="rejected")
    decide.add_argument("--note", required=True, help="why, for the record")
    decide.set_defaults(command=_sign_off)

    sources = commands.add_parser("sources", help="make synthetic source systems, or check real ones")
    of_sources = sources.add_subparsers(required=True, metavar="ACTION")
    create = of_sources.add_parser("create", help="fill synthetic source systems")
    create.add_argument("--scale", required=True, help="tiny or london")
    create.add_argument("--seed", type=int, default=1, help="the same seed, the same bytes (default 1)")
    place = create.add_mutually_exclusive_group()
    place.add_argument("--out", metavar="DIR", help="folder for SQLite files (default VHA_HOME/sources)")
    place.add_argument("--url", help="one database for all four systems, postgresql://… or sqlite:///…")
    create.set_defaults(command=_create_sources)
    check = of_sources.add_parser("check", help="compare the configured sources with the contract")
    check.set_defaults(command=_check_sources)

    serve = commands.add_parser("serve", help="Airflow with its UI, and the oversight site, on loopback")
    serve.add_argument("--airflow-port", type=int, default=8080)
    serve.add_argument("--site-port", type=int, default=8081)
    serve.set_defaults(command=_serve)
    return parser
