"""A work file with a marked person in it and checks that raise, and what an audit of it leaves."""

from __future__ import annotations

import json
from pathlib import Path

from vha.run import RunPaths

# A person who exists nowhere else, whose every record breaks a rule.
MARKS = ("SYN-MARKED-1", "CR-MARKED-2", "MARKED-VALUE-3", "1987-06-05")

PLANT = """
insert into landing.nominal (landing_row, nominal_id, date_of_birth, sex, merged_into, updated_at)
select 0, 'SYN-MARKED-1', '1987-06-05', 'MARKED-VALUE-3', 'SYN-MARKED-1', 'MARKED-VALUE-3' from range(200);

insert into landing.crime_report (landing_row, crime_ref, recorded_at, offence_code, borough)
select 0, 'CR-MARKED-2', '1987-06-05', 'MARKED-VALUE-3', 'MARKED-VALUE-3' from range(200);

insert into assessment.assessment_list (as_of_date, "rank", nominal_id, latest_offence_on, run_id)
values ('1987-06-05', 1, 'SYN-MARKED-1', '1987-06-05', 'MARKED-VALUE-3');

insert into assessment.score_contributions (as_of_date, nominal_id, kind, record_ref, event_on)
values ('1987-06-05', 'SYN-MARKED-1', 'MARKED-VALUE-3', 'CR-MARKED-2', '1987-06-05');

insert into assessment.quarantine (source_table, record_key, reason, effect)
values ('MARKED-VALUE-3', 'SYN-MARKED-1', 'MARKED-VALUE-3', 'MARKED-VALUE-3');
"""

# Checks whose evaluation raises, in the database and with a value of the marked person in the message.
RAISING = """
suite: raising
table: landing.nominal
checks:
  - name: sex_is_a_number
    rows: select sex from {batch} where case when sex like 'MARKED%' then cast(sex as integer) end > 0
    severity: warning
    meaning: Nothing.
    owner: nobody
  - name: there_is_a_column
    expectation: expect_column_values_to_not_be_null
    kwargs: {column: no_such_column}
    severity: warning
    meaning: Nothing.
    owner: nobody
"""


def results_of(paths: RunPaths) -> dict[str, dict[str, object]]:
    results = json.loads(paths.audit_results.read_text())
    return {f"{result['suite']}.{result['check_name']}": result for result in results}


def pages(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
