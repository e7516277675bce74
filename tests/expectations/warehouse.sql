-- What warehouse.py makes: every check passes on it.

create macro nominal(i) as 'SYN-' || lpad(cast(i as varchar), 8, '0');
set variable codes = (
    select map_from_entries(list((domain, codes))) from (
        select domain, list(code order by code) as codes from seeds.code_lists group by domain
        union all select scheme, list(code order by code) from seeds.ethnicity_codes group by scheme
    )
);
create macro nth(domain, i) as getvariable('codes')[domain][1 + cast(i as bigint) % len(getvariable('codes')[domain])];

-- Three reports of this weight are twice the threshold, whatever that is.
set variable weight = (select cast("value" as integer) from seeds.policy where parameter = 'score_threshold');

set variable scheme = (select "value" from seeds.policy where parameter = 'harm_weight_scheme');
set variable anchor = (select "value" from seeds.policy where parameter = 'scale_anchor_offence');

create table run.context as select getvariable('run_id') as run_id, 'policy-of-test' as policy_version, getvariable('as_of') as as_of_date;
create table run.assessment as
select 'release' as assessment, getvariable('as_of') as as_of_date, '2026-Q3' as closes_period,
    cast(null as varchar) as variant, cast(null as varchar) as varies;

-- Landing: text throughout, some of it with blanks around it.
create table landing.nominal as
select
    i as landing_row, nominal(i) as nominal_id,
    cast(date '1980-01-01' + cast(i % 9000 as integer) as varchar) as date_of_birth,
    nth('sex', i) as sex, nth('self_defined', i) as self_defined_ethnicity,
    ' ' || nth('officer_observed', i) as officer_observed_ethnicity, nth('religion', i) as religion,
    nth('disability', i) as disability, nth('sexual_orientation', i) as sexual_orientation,
    case when i = getvariable('people') then '2020-05-05' end as deceased_on,
    case when i = getvariable('people') - 1 then nominal(1) end as merged_into,
    '2026-09-30 10:00:00' as updated_at
from range(1, getvariable('people') + 1) as people(i);

create table landing.crime_report as
select
    i as landing_row, 'CR' || i as crime_ref, 'CONNECT' as source_system,
    cast(getvariable('as_of') - cast(i % 1500 as integer) as varchar) || ' 09:30:00' as recorded_at,
    cast(getvariable('as_of') - cast(i % 1500 as integer) - 1 as varchar) as committed_from,
    case when i % 3 = 0 then cast(getvariable('as_of') - cast(i % 1500 as integer) as varchar) end as committed_to,
    '5D' as offence_code, 'live' as record_status, case when i % 2 = 0 then '1' end as outcome_code,
    nth('location_kind', i) as location_kind, nth('borough', i) as borough, cast(null as varchar) as incident_ref,
    case when i = 2 then 'CR1' end as migrated_from_ref, '2026-09-30 10:00:00' as updated_at
from range(1, 4 * getvariable('people') + 1) as reports(i);

create table landing.crime_flag as
select
    i as landing_row, 'CR' || i as crime_ref, nth('flag', i) as flag, nth('flag_origin', i) as origin,
    '2026-09-30 10:00:00' as updated_at
from range(1, getvariable('people') + 1) as flags(i);

create table landing.crime_person as
select
    i as landing_row, 'CR' || (1 + i // 2) as crime_ref, nominal(1 + i % getvariable('people')) as nominal_id,
    case when i % 2 = 0 then 'suspect' else 'victim' end as role, 'live' as link_status,
    cast(getvariable('as_of') - cast(i % 1500 as integer) as varchar) || ' 09:30:00' as linked_at,
    '2026-09-30 10:00:00' as updated_at
from range(0, 8 * getvariable('people')) as links(i);

create table landing.intelligence_report as
select
    i as landing_row, 'IR' || i as intel_ref,
    cast(getvariable('as_of') - cast(i % 300 as integer) as varchar) || ' 12:00:00' as submitted_at,
    cast(getvariable('as_of') - cast(i % 300 as integer) - 1 as varchar) as event_on,
    (select min(category) from seeds.intelligence_categories) as category, '3x5x2' as grading_scheme,
    '1' as source_grade, 'A' as assessment_grade, nth('handling_code', i) as handling_code,
    'live' as record_status, case when i % 4 = 0 then 'CR' || i end as linked_crime_ref,
    '2026-09-30 10:00:00' as updated_at
from range(1, getvariable('people') + 1) as reports(i);

create table landing.intelligence_subject as
select
    i as landing_row, 'IR' || i as intel_ref, nominal(i) as nominal_id, 'subject' as involvement,
    '2026-09-30 10:00:00' as updated_at
from range(1, getvariable('people') + 1) as subjects(i);

create table landing.restriction as
select
    i as landing_row, 'RS' || i as restriction_id, nominal(getvariable('listed') + i) as nominal_id,
    cast(null as varchar) as record_ref, 'objection_upheld' as reason, '2026-01-01' as starts_on,
    cast(null as varchar) as ends_on, '2026-09-30 10:00:00' as updated_at
from range(1, 101) as restrictions(i);

create table landing.safeguarding as
select
    i as landing_row, nominal(i) as nominal_id, nth('safeguarding_kind', i) as kind, '2026-01-01' as opened_on,
    case when i % 2 = 0 then '2026-02-01' end as closed_on, '2026-09-30 10:00:00' as updated_at
from range(1, 101) as referrals(i);

-- What dbt makes of it, as far as checks look at it.
create view staging.stg_person__nominals as
select
    nominal_id, try_cast(date_of_birth as date) as date_of_birth, try_cast(deceased_on as date) as deceased_on,
    merged_into
from landing.nominal;

create view staging.stg_person__restrictions as
select
    nominal_id, record_ref, try_cast(starts_on as date) as starts_on, try_cast(ends_on as date) as ends_on
from landing.restriction;

create table intermediate.int_survivors as
select nominal_id, coalesce(merged_into, nominal_id) as survivor_id from landing.nominal;

create table intermediate.int_merge_chains as
select nominal_id, merged_into as reaches from landing.nominal where merged_into is not null;

create table intermediate.int_fail_closed_rows (source_table varchar, reason varchar, row_count bigint);

create table intermediate.int_completeness as
select 'release' as assessment, population_kind, characteristic, 100 as people, 99 as recorded, 1 as missing
from (select unnest(['listed', 'scored', 'suspects']) as population_kind)
cross join (
    select unnest([
        'sex', 'self_defined_ethnicity', 'officer_observed_ethnicity', 'religion', 'disability',
        'sexual_orientation', 'date_of_birth'
    ]) as characteristic
);

create table intermediate.int_completeness_by_group as
select
    'release' as assessment, 'suspects' as population_kind, characteristic, by_characteristic, by_group,
    1000 as people, 800 as recorded
from (
    select unnest([
        'sex', 'self_defined_ethnicity', 'officer_observed_ethnicity', 'religion', 'disability', 'sexual_orientation',
        'date_of_birth'
    ]) as characteristic
)
cross join (
    values ('sex', 'F'), ('sex', 'M'), ('age_band', '10-17'), ('age_band', '18-24'),
    ('self_defined_ethnicity', 'Mixed'), ('self_defined_ethnicity', 'White'),
    ('officer_observed_ethnicity', 'Asian'), ('officer_observed_ethnicity', 'Black')
) as groups(by_characteristic, by_group)
where characteristic <> by_characteristic;

create table intermediate.int_previous_release as
select 'run-before-the-test' as run_id, 'policy-of-test' as policy_version;
create table intermediate.int_compared_releases as
select 'run-before-the-test' as run_id, date '2026-09-29' as as_of_date;

-- What the delivery is made up of. As many rows as before hold each code.
create table intermediate.int_known_codes as
select * from (
    values ('crime.crime_report', 'source_system', 'CONNECT'), ('crime.crime_flag', 'flag', 'knife'),
    ('crime.crime_person', 'role', 'suspect'), ('intelligence.intelligence_report', 'category', 'knife_carrying'),
    ('intelligence.intelligence_subject', 'involvement', 'subject'), ('person.nominal', 'sex', 'M'),
    ('person.restriction', 'reason', 'objection_upheld'), ('partnership.safeguarding', 'kind', 'mental_health')
) as known(source_table, column_name, code);

create table intermediate.int_text_forms as
select source_table, column_name, 1000 as row_count, 10 as padded_rows, 5 as other_case_rows
from intermediate.int_known_codes;

create table assessment.table_profiles as
select
    source_table, column_name, code as value_code,
    case source_table
        when 'crime.crime_report' then 4 * getvariable('people')
        when 'crime.crime_person' then 8 * getvariable('people')
        else getvariable('people')
    end as row_count
from intermediate.int_known_codes
union all
select source_table, column_name, cast(getvariable('as_of') - cast(days_ago as integer) as varchar), 40
from (
    values ('crime.crime_report', 'recorded_day'), ('crime.crime_person', 'linked_day'),
    ('intelligence.intelligence_report', 'submitted_day')
) as days(source_table, column_name)
cross join range(31) as ago(days_ago);

insert into history.table_profiles
select 'run-before-the-test', * from assessment.table_profiles where value_code <> cast(getvariable('as_of') as varchar);
insert into history.quality_checks by name
select 'run-before-the-test' as run_id, 'table_profiles' as suite, 'every_row_is_counted' as check_name, 'critical' as severity;

create table intermediate.int_profile_changes as
select
    source_table, column_name, code as value_code, row_count, 1000 as table_rows,
    cast(row_count as double) as expected_rows, 10 as turned_over_rows, 1 as releases
from (
    select unnest(columns) as column_name, source_table from (
        values
        ('crime.crime_report', [
            'offence_code', 'record_status', 'outcome_code', 'location_kind', 'migrated_from_ref', 'incident_ref',
            'committed_age', 'recorded_age', 'source_system', 'borough', 'committed_to', 'recording_delay',
            'recorded_hour', 'updated_order'
        ]),
        ('crime.crime_flag', ['flag', 'origin']),
        ('crime.crime_person', ['role', 'link_status', 'linked_age', 'linked_hour', 'linking_delay']),
        ('intelligence.intelligence_report', [
            'category', 'grading', 'record_status', 'linked_crime_ref', 'submitted_age', 'handling_code',
            'reporting_delay', 'submitted_hour'
        ]),
        ('intelligence.intelligence_subject', ['involvement']),
        ('person.nominal', [
            'birth_year', 'self_defined_ethnicity', 'officer_observed_ethnicity', 'deceased_on', 'merged_into',
            'birth_day', 'sex', 'ethnicity_agreement', 'religion', 'disability', 'sexual_orientation'
        ]),
        ('person.restriction', ['reason', 'record_ref', 'lasting']),
        ('partnership.safeguarding', ['kind', 'closed_on', 'opened_age'])
    ) as tables(source_table, columns)
)
cross join (values ('common', 700), ('less', 270), ('rare', 30)) as codes(code, row_count)
union all
-- And each code that there was before, of which chance explains that nobody has it.
select distinct source_table, column_name, value_code, 0, 1000, 0, 10, 1
from history.table_profiles where column_name not like '%_day';

create table intermediate.int_recent_links as
select
    borough, 'at once' as linking_delay, true as has_self_defined_ethnicity, true as has_officer_observed_ethnicity,
    100 as link_count
from (select unnest(getvariable('codes')['borough']) as borough);

-- The marts. Every fifth person has more intelligence than the cap lets through.
create table assessment.score_contributions as
with crimes as (
    select
        nominal(i) as nominal_id, 'crime' as kind, 'CR' || (i * 10 + k) as record_ref,
        cast(getvariable('as_of') - 300 - cast(365 * k as integer) as date) as event_on,
        '5D' as offence_code, cast(null as varchar) as category, 'knife crime' as crime_area,
        cast(getvariable('weight') + i as decimal(18, 4)) as weight, cast(k as integer) as completed_years,
        cast((getvariable('weight') + i) * pow(2, k) / pow(3, k) as decimal(18, 4)) as points
    from range(1, getvariable('listed') + 1) as people(i) cross join range(0, 3) as years(k)
),
intelligence as (
    select
        nominal(i) as nominal_id, 'intelligence' as kind, 'IR' || i as record_ref,
        cast(getvariable('as_of') - 30 as date) as event_on, cast(null as varchar) as offence_code,
        (select min(category) from seeds.intelligence_categories where in_scope = 'true') as category,
        'knife crime' as crime_area,
        cast(case when i % 5 = 0 then 3 * getvariable('weight') else 100 end as decimal(18, 4)) as weight, 0 as completed_years,
        cast(case when i % 5 = 0 then 3 * getvariable('weight') else 100 end as decimal(18, 4)) as points
    from range(1, getvariable('listed') + 1) as people(i)
),
records as (select * from crimes union all select * from intelligence),
caps as (
    select
        nominal_id, 'intelligence_cap' as kind, 'cap' as record_ref, cast(null as date) as event_on,
        cast(null as varchar) as offence_code, cast(null as varchar) as category,
        cast(null as varchar) as crime_area, cast(null as decimal(18, 4)) as weight,
        cast(null as integer) as completed_years,
        round(0.5 * sum(points) filter (where kind = 'crime'), 4) - sum(points) filter (where kind = 'intelligence')
            as points
    from records group by nominal_id
)
select getvariable('as_of') as as_of_date, * replace (cast(points as decimal(18, 4)) as points)
from (select * from records union all select * from caps where points < 0);

create table assessment.assessment_list as
with scores as (
    select
        nominal_id, sum(points) as total_score, sum(points) filter (where kind = 'crime') as crime_score,
        sum(points) filter (where kind <> 'crime') as intelligence_score,
        count(*) filter (where kind = 'crime') as crime_reports,
        max(event_on) filter (where kind = 'crime') as latest_offence_on
    from assessment.score_contributions group by nominal_id
)
select
    getvariable('as_of') as as_of_date,
    row_number() over (
        order by total_score desc, crime_score desc, latest_offence_on desc, scores.nominal_id
    ) as "rank",
    scores.*, date_diff('year', date_of_birth, getvariable('as_of'))
        - case when strftime(getvariable('as_of'), '%m%d') < strftime(date_of_birth, '%m%d') then 1 else 0 end as age,
    false as is_child, false as has_safeguarding_referral,
    getvariable('as_of') as first_listed_on, cast(getvariable('as_of') + 90 as date) as review_due_on,
    'policy-of-test' as policy_version, getvariable('run_id') as run_id
from scores inner join staging.stg_person__nominals as people on scores.nominal_id = people.nominal_id;

-- What the list is made from: on the way from the records to the people, listed or not.
create table intermediate.int_restrictions as
select nominal_id, record_ref, starts_on, ends_on from staging.stg_person__restrictions;

create table intermediate.int_offence_weights as
select
    getvariable('scheme') as harm_weight_scheme, getvariable('anchor') as scale_anchor_offence, offence_code,
    cast(1 as decimal(18, 4)) as weight
from seeds.offences where scope <> 'never';

create table intermediate.int_crime_points as
select
    'release' as assessment, nominal_id, record_ref as crime_ref, event_on as committed_from, completed_years, weight, points
from assessment.score_contributions where kind = 'crime'
union all
select 'release', nominal(getvariable('people') - 10), 'CR0', getvariable('as_of') - 10, 0, 1, 1;

create table intermediate.int_suspect_reports as
select
    nominal_id, crime_ref, committed_from as stands_from, cast(null as date) as stands_until, committed_from,
    20 as age_when_committed
from intermediate.int_crime_points;

create table intermediate.int_crime_links as
select nominal_id, crime_ref, 'suspect' as side, stands_from as linked_on from intermediate.int_suspect_reports;

create table intermediate.int_crime_persons_kept as
select nominal_id, crime_ref, 'suspect' as role, 'live' as link_status, true as is_sound from intermediate.int_crime_links;

create table intermediate.int_reports_in_scope as
select crime_ref, true as is_outcome_scoring from intermediate.int_crime_links;

create table intermediate.int_intelligence_points as
select 'release' as assessment, nominal_id, record_ref as intel_ref, event_on as submitted_on, completed_years, points
from assessment.score_contributions where kind = 'intelligence';

create table intermediate.int_intelligence_subjects as
select nominal_id, intel_ref, submitted_on, cast(null as varchar) as linked_crime_ref
from intermediate.int_intelligence_points;

create table intermediate.int_assessed_people as
select
    'release' as assessment, nominal_id, total_score, crime_score, intelligence_score, crime_reports,
    true as has_enough_reports, true as is_above_threshold, false as is_deceased, false as is_restricted,
    true as is_listed
from assessment.assessment_list
union all
select 'release', nominal(getvariable('people') - 10), 1, 1, 0, 1, false, false, false, false, false;

insert into history.release_register
values ('run-before-the-test', '2026-09-29', '2026-09-29 06:00:00', 'abc', repeat('0', 64), repeat('f', 64),
    'automatic_synthetic', 'policy-of-test');
insert into history.assessment_list by name
select 'run-before-the-test' as run_id, date '2026-09-29' as as_of_date, nominal_id, "rank", total_score
from assessment.assessment_list where "rank" < getvariable('listed')
union all select 'run-before-the-test', date '2026-09-29', nominal(getvariable('listed') + 1), 999, 4100;
insert into history.table_volumes
select 'run-before-the-test', tables.source_table, tables.row_count from (
    select 'crime.crime_report' as source_table, count(*) as row_count from landing.crime_report
    union all select 'crime.crime_flag', count(*) from landing.crime_flag
    union all select 'crime.crime_person', count(*) from landing.crime_person
    union all select 'intelligence.intelligence_report', count(*) from landing.intelligence_report
    union all select 'intelligence.intelligence_subject', count(*) from landing.intelligence_subject
    union all select 'person.nominal', count(*) from landing.nominal
    union all select 'person.restriction', count(*) from landing.restriction
    union all select 'partnership.safeguarding', count(*) from landing.safeguarding
) as tables;

create table assessment.list_movements as
select
    getvariable('as_of') as as_of_date, nominal_id,
    case when listed.nominal_id is null then 'removed' when earlier.nominal_id is null then 'added' else 'kept' end
        as movement,
    case when listed.nominal_id is null then 'restricted' end as reason,
    case when listed.nominal_id is null then 'source_change' end as driver,
    earlier."rank" as previous_rank, listed."rank", earlier.total_score as previous_score, listed.total_score
from assessment.assessment_list as listed
full join history.assessment_list as earlier using (nominal_id);

create table assessment.review_queue as
select getvariable('as_of') as as_of_date, nominal(getvariable('listed') + 150) as nominal_id,
    'date_of_birth_missing' as reason
union all select getvariable('as_of'), nominal(1), 'suspect_and_victim';

create table assessment.quarantine as
select
    unnest(tables) as source_table, 'KEY-' || reason as record_key, reason,
    case when reason = 'invalid_characteristic' then 'value_missing' else 'row_out' end as effect,
    getvariable('run_id') as first_seen_run
from (
    values ('missing_key', ['crime.crime_report', 'crime.crime_person']), ('bad_date', ['crime.crime_report']),
    ('unknown_offence', ['crime.crime_report']), ('unknown_nominal', ['crime.crime_person']),
    ('unknown_record', ['crime.crime_person']), ('merge_cycle', ['person.nominal']),
    ('committed_after_recorded', ['crime.crime_report']), ('invalid_role', ['crime.crime_person']),
    ('invalid_grading', ['intelligence.intelligence_report']), ('invalid_code', ['crime.crime_report']),
    ('suspect_contradicts_outcome', ['crime.crime_person']), ('invalid_characteristic', ['person.nominal']),
    ('superseded', ['person.nominal'])
) as reasons(reason, tables);

create table oversight.quarantine_counts as
select getvariable('run_id') as run_id, source_table, reason, count(*) as row_count
from assessment.quarantine group by source_table, reason;

create table intermediate.int_groups as
select characteristic, group_code, 'all' as partition_code
from (select unnest(['sex', 'age_band', 'self_defined_ethnicity_5', 'officer_observed_ethnicity']) as characteristic)
cross join (select unnest(['one', 'two', 'three']) as group_code);

create table oversight.special_category_breakdown as
select
    '2026-Q3' as period, characteristic, group_code, 20 as people, 60 as population,
    cast(33.3 as decimal(4, 1)) as percentage, 'published' as status
from intermediate.int_groups;

create table oversight.special_category_completeness_by_group as
select
    '2026-Q3' as period, characteristic, by_characteristic, by_group, 800 as recorded, 150 as not_stated, 50 as missing,
    cast(80 as decimal(4, 1)) as percentage_recorded, 'published' as status
from intermediate.int_completeness_by_group
where characteristic not in ('sex', 'date_of_birth')
    and by_characteristic in ('sex', 'age_band');

create table assessment.group_counts as
select period, 'listed' as population_kind, characteristic, group_code, people, status
from oversight.special_category_breakdown
union all
select '2026-Q3', unnest(['added', 'removed']), 'all', 'all', 3, 'published'
union all
-- Who was removed is told by group too.
select '2026-Q3', 'removed', 'sex', unnest(['one', 'two']), 20, 'published';

-- Of a quarter that closed before this one.
create table run.disclosure_audit as
select '2026-Q2' as period, 'sex/' || unnest(['one', 'two']) as cell, 1 as lower, unnest([9, 10]) as upper,
    true as safe;

create table oversight.special_category_cross as
select
    '2026-Q3' as period, ethnicity.group_code as ethnicity_5, age.group_code as age_band, sex.group_code as sex,
    0 as people, 'published' as status
from intermediate.int_groups as ethnicity
cross join intermediate.int_groups as age
cross join intermediate.int_groups as sex
where ethnicity.characteristic = 'self_defined_ethnicity_5' and age.characteristic = 'age_band' and sex.characteristic = 'sex';

create table oversight.ethnicity_agreement as
select '2026-Q3' as period, said.code as self_defined_5, seen.code as officer_observed_5, 20 as people,
    'published' as status
from (values ('White'), ('Black')) as said(code) cross join (values ('White'), ('Black')) as seen(code);

create table oversight.list_trend as
select
    '2026-Q3' as period, getvariable('as_of') as as_of_date, measure, reason, driver, people,
    case when people is null then 'secondary_suppressed' else 'published' end as status
from (
    values ('listed', null, null, 60), ('added', null, null, 10), ('removed', null, null, 20),
    ('removed', 'deceased', 'source_change', 10), ('removed', 'restricted', 'source_change', 10),
    ('removed', 'merged', 'source_change', null)
) as measured(measure, reason, driver, people);

create table oversight.what_if as
select
    '2026-Q3' as period, variant, measure, 'all' as characteristic, 'all' as group_code,
    cast(figure as decimal(18, 4)) as "value",
    case when figure is null then 'suppressed' else 'published' end as status
from (
    values ('as_published', 'list_size', 60), ('as_published', 'share_of_points_on_assumed_weights', 12),
    ('other', 'entries', 15), ('other', 'exits', null), ('other', 'rate_ratio_low', 1.2), ('other', 'rate_ratio_high', 1.4)
) as figures(variant, measure, figure);
update oversight.what_if set variant = (select min(variant) from seeds.policy_variants) where variant = 'other';
create table oversight.feedback as select * from oversight.what_if;

insert into history.special_category_completeness
select
    'run-before-the-test', '2026-Q2', population_kind, characteristic, null, null, null, null, 'suppressed'
from intermediate.int_completeness;

create table oversight.special_category_completeness as
select
    '2026-Q3' as period, population_kind, characteristic, 95 as recorded, 0 as not_stated, 10 as missing,
    cast(90.5 as decimal(4, 1)) as percentage_recorded, 'published' as status
from intermediate.int_completeness;

create table oversight.policy_register as
select policy.*, 'policy-of-test' as policy_version from seeds.policy as policy;

create table oversight.release_register as select * exclude (policy_version) from history.release_register;

create table oversight.disproportionality as
with populations as (
    select * from (
        values ('residents', 100000, 400000), ('victims', 200, 400), ('suspects', 400, 800), ('enough_reports', 200, 300),
        ('above_threshold', 50, 100), ('listed', 20, 20), ('removed', null, null), ('listed_before', 30, 60)
    ) as numbers(population_kind, people, reference_people)
),
counted as (
    select
        '2026-Q3' as period, groups.characteristic, groups.group_code, 'one' as reference_group_code,
        comparisons.stage, comparisons.benchmark, at_stage.people, at_stage.reference_people,
        benchmark.people as benchmark_people, benchmark.reference_people as reference_benchmark_people,
        case
            when groups.characteristic = 'officer_observed_ethnicity' and comparisons.benchmark = 'residents'
                then 'not_comparable'
            when comparisons.stage = 'removed' then 'insufficient_data'
            else 'published'
        end as status,
        1e0 * at_stage.people / benchmark.people as share,
        1e0 * at_stage.reference_people / benchmark.reference_people as reference_share
    from intermediate.int_groups as groups
    cross join seeds.comparisons as comparisons
    inner join populations as at_stage on comparisons.stage = at_stage.population_kind
    inner join populations as benchmark on comparisons.benchmark_population = benchmark.population_kind
    where groups.characteristic in ('self_defined_ethnicity_5', 'officer_observed_ethnicity')
        and groups.group_code <> 'one'
),
figures as (
    select *, case when status = 'published' then cast(share as decimal(18, 9)) end as rate,
        case when status = 'published' then cast(reference_share as decimal(18, 9)) end as reference_rate,
        case when status = 'published' then cast(share / reference_share as decimal(18, 3)) end as rate_ratio
    from counted
)
select
    period, characteristic, group_code, reference_group_code, stage, benchmark, people, reference_people,
    benchmark_people, reference_benchmark_people, rate, reference_rate, rate_ratio,
    cast(rate_ratio * 0.8 as decimal(18, 3)) as ci_low, cast(rate_ratio * 1.25 as decimal(18, 3)) as ci_high,
    cast(rate_ratio * 0.5 as decimal(18, 3)) as bound_low, cast(rate_ratio * 1.5 as decimal(18, 3)) as bound_high,
    rate - reference_rate as rate_difference, rate - reference_rate - 0.1 as difference_low,
    rate - reference_rate + 0.1 as difference_high, status, 'It has one.' as limitation
from figures;

create table oversight.disproportionality_flags as
select period, characteristic, group_code, stage, count(*) over () as comparisons, false as is_flagged
from oversight.disproportionality where benchmark = 'stage_before' and status = 'published';
