"""The command `vha`: reads its arguments, calls one function, and turns what a user caused into one sentence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from vha.errors import ConfigurationError, VhaError
from vha.limits import within_limits
from vha.settings import SYSTEMS, Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit code: 0 done, 2 blocked by quality, 3 awaiting or refused sign-off, 1 anything else; like every
        command, 2 too for arguments that make no sense.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
        with within_limits(settings):
            code = int(options.command(settings, options))
        sys.stdout.flush()
        return code
    except VhaError as error:
        print(f"vha: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("vha: interrupted; nothing was published.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not try to flush what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from vha.audit.acceptance import acceptance_of
    from vha.orchestrate.in_process import run_in_process

    acceptance = acceptance_of(options.accept, options.by, options.reason)
    return run_in_process(settings, options.as_of, options.correct, acceptance)


def _sign_off(settings: Settings, options: argparse.Namespace) -> int:
    from vha.orchestrate.decide import sign_off_command

    return sign_off_command(settings, options.run_id, options.decision, options.note)


def _backfill(settings: Settings, options: argparse.Namespace) -> int:
    from vha.backfill.past_lists import backfill

    return backfill(settings, options.first, options.last, options.every)


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    from vha.verify import verify_command

    return verify_command(settings, options.run_id)


def _spark(settings: Settings, options: argparse.Namespace) -> int:
    from vha.warehouse.spark import spark_command

    return spark_command(settings, options.run_id)


def _create_sources(settings: Settings, options: argparse.Namespace) -> int:
    from vha.synthetic import create

    folder = options.out or f"{settings.home}/sources"
    if options.scale == "england":
        return _create_england(settings, options, Path(folder))
    urls = {system: options.url or f"sqlite:///{folder}/{system}.db" for system in SYSTEMS}
    print(create(options.scale, options.seed, urls, fault=options.fault, magnitude=options.magnitude))
    return 0


def _create_england(settings: Settings, options: argparse.Namespace, folder: Path) -> int:
    from vha.synthetic.england import create_landing

    if options.url or options.fault:
        raise ConfigurationError(
            "The scale england is a folder of Parquet files without faults of your choice: "
            "leave --url and --fault out, and name the folder with --out."
        )
    for table, rows in create_landing(settings, folder, options.seed).items():
        print(f"  {table:<36}{rows:>12,}")
    return 0


def _list_faults(settings: Settings, options: argparse.Namespace) -> int:
    from vha.synthetic import injected

    print(injected.listing())
    return 0


def _check_sources(settings: Settings, options: argparse.Namespace) -> int:
    from vha.extract import check_sources

    findings = check_sources(settings)
    for finding in findings:
        print(finding)
    return 1 if any(finding.problem for finding in findings) else 0


def _explain(settings: Settings, options: argparse.Namespace) -> int:
    from vha.explain.command import explain_command

    return explain_command(settings, options.nominal_id, options.reason, options.run, options.html)


def _access_pack(settings: Settings, options: argparse.Namespace) -> int:
    from vha.explain.command import access_pack_command

    return access_pack_command(settings, options.nominal_id, options.reason, options.out, options.refuse)


def _policy_diff(settings: Settings, options: argparse.Namespace) -> int:
    from vha.policy.diff import policy_diff

    print("\n".join(policy_diff(settings, options.run_a, options.run_b, options.people, options.reason)))
    return 0


def _import_weights(settings: Settings, options: argparse.Namespace) -> int:
    from vha.policy.weights import import_weights

    print("\n".join(import_weights(options.cchi, options.css, options.dry_run)))
    return 0


def _review_pack(settings: Settings, options: argparse.Namespace) -> int:
    from vha.review.year import write_review

    print(f"The review is in {write_review(settings, options.year, options.out)}: open its index.html.")
    return 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from vha.orchestrate.serve import serve

    return serve(settings, options.airflow_port, options.site_port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vha", description="The Violence Harm Assessment pipeline.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the DAG once, in this process, from the sources to a release")
    run.add_argument("--as-of", metavar="DATE", help="the date of the assessment, YYYY-MM-DD")
    run.add_argument("--correct", metavar="REASON", help="why there should be a second release for the date")
    run.add_argument(
        "--accept",
        metavar="SUITE.CHECK",
        action="append",
        default=[],
        help="a critical check that may fail in this run; may be repeated",
    )
    run.add_argument("--by", metavar="NAME", help="who answers for that; published")
    run.add_argument("--reason", help="why; published, so it may name nobody else")
    run.set_defaults(command=_run)

    decide = commands.add_parser("sign-off", help="decide about a candidate; approving it publishes it")
    decide.add_argument("run_id", metavar="RUN_ID")
    decision = decide.add_mutually_exclusive_group(required=True)
    decision.add_argument("--approve", dest="decision", action="store_const", const="approved")
    decision.add_argument("--reject", dest="decision", action="store_const", const="rejected")
    decide.add_argument("--note", required=True, help="why, for the record")
    decide.set_defaults(command=_sign_off)

    past = commands.add_parser("backfill", help="compute the lists of past dates from today's records")
    past.add_argument("--from", dest="first", metavar="DATE", required=True, help="YYYY-MM-DD")
    past.add_argument("--to", dest="last", metavar="DATE", required=True, help="YYYY-MM-DD, included")
    past.add_argument(
        "--every", choices=("quarter", "month"), required=True, help="a list for each one's end"
    )
    past.set_defaults(command=_backfill)

    verify = commands.add_parser(
        "verify",
        help="recompute a release from its kept inputs and compare hashes; no check is made anew",
        description=(
            "Compare every hash in a release's manifest with its files, its sign-off, the kept inputs, the seeds, and "
            "with tables that are computed anew. Neither the audit nor the attack on withheld numbers is repeated: "
            "their results are only compared with their hashes."
        ),
    )
    verify.add_argument("run_id", metavar="RUN_ID", nargs="?", help="default: the current release")
    verify.set_defaults(command=_verify)

    spark = commands.add_parser("spark", help="make a run's list from its landing on Spark instead of DuckDB")
    spark.add_argument("run_id", metavar="RUN_ID")
    spark.set_defaults(command=_spark)

    sources = commands.add_parser("sources", help="make synthetic source systems, or check real ones")
    of_sources = sources.add_subparsers(required=True, metavar="ACTION")
    create = of_sources.add_parser("create", help="fill synthetic source systems")
    create.add_argument(
        "--scale", required=True, help="tiny, london, or england: Parquet files for the benchmark"
    )
    create.add_argument("--seed", type=int, default=1, help="the same seed, the same bytes (default 1)")
    place = create.add_mutually_exclusive_group()
    place.add_argument("--out", metavar="DIR", help="folder for SQLite files (default VHA_HOME/sources)")
    place.add_argument("--url", help="one database for all four systems, postgresql://… or sqlite:///…")
    create.add_argument(
        "--fault",
        metavar="NAME",
        help="spoil them by one fault, to try the quality gate: `vha sources faults`",
    )
    create.add_argument("--magnitude", type=float, help="how bad it is (default: drawn from the seed)")
    create.set_defaults(command=_create_sources)
    faults = of_sources.add_parser("faults", help="list the faults that sources can be made with")
    faults.set_defaults(command=_list_faults)
    check = of_sources.add_parser("check", help="compare the configured sources with the contract")
    check.set_defaults(command=_check_sources)

    explain = commands.add_parser("explain", help="why a person is on the list; every use is logged")
    explain.add_argument("nominal_id", metavar="NOMINAL_ID")
    explain.add_argument(
        "--reason", metavar="CODE", help="why you look: a code that the refusal without it lists"
    )
    explain.add_argument("--run", metavar="RUN_ID", help="the release of this run (default: the current one)")
    explain.add_argument("--html", metavar="FILE", help="write a page instead, for this account alone")
    explain.set_defaults(command=_explain)

    pack = commands.add_parser(
        "access-pack", help="what is held on a person, for the data-protection officer"
    )
    pack.add_argument("nominal_id", metavar="NOMINAL_ID")
    pack.add_argument("--reason", metavar="CODE", help="why you look: as for `vha explain`")
    pack.add_argument("--out", metavar="DIR", required=True, help="a new folder, for this account alone")
    pack.add_argument(
        "--refuse", metavar="CODE", help="also the letter that refuses, on this ground of the law"
    )
    pack.set_defaults(command=_access_pack)

    policy = commands.add_parser("policy", help="the policy that releases go by")
    diff = policy.add_subparsers(required=True, metavar="ACTION").add_parser(
        "diff", help="what changed between the policies of two releases, and who moved because of it"
    )
    diff.add_argument("run_a", metavar="RUN_A")
    diff.add_argument("run_b", metavar="RUN_B")
    diff.add_argument(
        "--people", action="store_true", help="name those who moved, from the restricted databases; logged"
    )
    diff.add_argument("--reason", metavar="CODE", help="why you look at people: as for `vha explain`")
    diff.set_defaults(command=_policy_diff)

    weights = commands.add_parser("weights", help="the harm weights of offences")
    imported = weights.add_subparsers(required=True, metavar="ACTION").add_parser(
        "import", help="put the weights of the official workbooks into seeds/harm_weights.csv"
    )
    imported.add_argument("--cchi", type=Path, metavar="FILE.xlsx", help="Cambridge Crime Harm Index")
    imported.add_argument("--css", type=Path, metavar="FILE.xlsx", help="Crime Severity Score data tool")
    imported.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    imported.set_defaults(command=_import_weights)

    review = commands.add_parser(
        "review-pack", help="a year's published figures side by side, for the yearly review"
    )
    review.add_argument("year", metavar="YEAR", type=int)
    review.add_argument(
        "--out", metavar="DIR", type=Path, help="a new folder (default VHA_HOME/oversight_packs/review-YEAR)"
    )
    review.set_defaults(command=_review_pack)

    serve = commands.add_parser("serve", help="Airflow with its UI, and the oversight site, on loopback")
    serve.add_argument("--airflow-port", type=int, default=8080)
    serve.add_argument("--site-port", type=int, default=8081)
    serve.set_defaults(command=_serve)
    return parser
