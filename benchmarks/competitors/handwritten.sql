-- The list and the quarantine in one script, by somebody who knows the data and nothing but DuckDB.
-- Variables: landing, policy (folders), as_of.

create macro clean(x) as
    case
        when x >= '!' and not (suffix(x, ' ') or suffix(x, e'\t') or suffix(x, e'\n') or suffix(x, e'\r')) then x
        else nullif(trim(x, e' \t\n\r'), '')
    end;
create macro is_ts(x) as
    length(x) = 19 and x between '1900-01-01 00:00:00' and '2100-12-31 23:59:59'
    and cast(try_cast(x as timestamp) as varchar) = x;
create macro is_dt(x) as x between '1900-01-01' and '2100-12-31' and cast(try_cast(x as date) as varchar) = x;
create macro ts(x) as case when is_ts(x) then try_cast(x as timestamp) end;
create macro dt(x) as case when is_dt(x) then try_cast(x as date) end;
create macro years(since, d) as
    year(d) - year(since) - (month(d) * 100 + day(d) < month(since) * 100 + day(since))::integer;
create macro active(a, b) as a <= getvariable('as_of') and (b is null or b > getvariable('as_of'));
create macro landed(path) as table from read_parquet(getvariable('landing') || path);

create temp table codes as from read_parquet(getvariable('policy') || '/codes.parquet');
create temp table offences as from read_parquet(getvariable('policy') || '/offences.parquet');
create temp table points as from read_parquet(getvariable('policy') || '/points.parquet');
create temp table gradings as from read_parquet(getvariable('policy') || '/intelligence.parquet');
create temp table outcomes as from read_parquet(getvariable('policy') || '/outcomes.parquet');
create temp table quarantine (source_table varchar, record_key varchar, reason varchar);

-- 1. Older duplicates, by the number of their row. Keys that occur twice are few.
create temp table older (source_table varchar, landing_row bigint, record_key varchar);
insert into older
select 'crime.crime_report', landing_row, concat_ws('|', crime_ref)
from (
    select
        landing_row,
        clean(crime_ref) as crime_ref,
        row_number() over (
            partition by clean(crime_ref)
            order by ts(clean(updated_at)) desc nulls last, clean(source_system) desc nulls last, clean(recorded_at) desc nulls last, clean(committed_from) desc nulls last, clean(committed_to) desc nulls last, clean(offence_code) desc nulls last, clean(record_status) desc nulls last, clean(outcome_code) desc nulls last, clean(location_kind) desc nulls last, clean(borough) desc nulls last, clean(incident_ref) desc nulls last, clean(migrated_from_ref) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/crime/crime_report.parquet')
    where hash(clean(crime_ref)) in (select hash(clean(crime_ref)) from landed('/crime/crime_report.parquet') group by 1 having count(*) > 1)
)
where version > 1 and crime_ref is not null;

insert into older
select 'crime.crime_flag', landing_row, concat_ws('|', crime_ref, flag, origin)
from (
    select
        landing_row,
        clean(crime_ref) as crime_ref, clean(flag) as flag, clean(origin) as origin,
        row_number() over (
            partition by clean(crime_ref), clean(flag), clean(origin)
            order by ts(clean(updated_at)) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/crime/crime_flag.parquet')
    where hash(clean(crime_ref), clean(flag), clean(origin)) in (select hash(clean(crime_ref), clean(flag), clean(origin)) from landed('/crime/crime_flag.parquet') group by 1 having count(*) > 1)
)
where version > 1 and crime_ref is not null and flag is not null and origin is not null;

insert into older
select 'crime.crime_person', landing_row, concat_ws('|', crime_ref, nominal_id, role)
from (
    select
        landing_row,
        clean(crime_ref) as crime_ref, clean(nominal_id) as nominal_id, clean(role) as role,
        row_number() over (
            partition by clean(crime_ref), clean(nominal_id), clean(role)
            order by ts(clean(updated_at)) desc nulls last, clean(link_status) desc nulls last, clean(linked_at) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/crime/crime_person.parquet')
    where hash(clean(crime_ref), clean(nominal_id), clean(role)) in (select hash(clean(crime_ref), clean(nominal_id), clean(role)) from landed('/crime/crime_person.parquet') group by 1 having count(*) > 1)
)
where version > 1 and crime_ref is not null and nominal_id is not null and role is not null;

insert into older
select 'intelligence.intelligence_report', landing_row, concat_ws('|', intel_ref)
from (
    select
        landing_row,
        clean(intel_ref) as intel_ref,
        row_number() over (
            partition by clean(intel_ref)
            order by ts(clean(updated_at)) desc nulls last, clean(submitted_at) desc nulls last, clean(event_on) desc nulls last, clean(category) desc nulls last, clean(grading_scheme) desc nulls last, clean(source_grade) desc nulls last, clean(assessment_grade) desc nulls last, clean(handling_code) desc nulls last, clean(record_status) desc nulls last, clean(linked_crime_ref) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/intelligence/intelligence_report.parquet')
    where hash(clean(intel_ref)) in (select hash(clean(intel_ref)) from landed('/intelligence/intelligence_report.parquet') group by 1 having count(*) > 1)
)
where version > 1 and intel_ref is not null;

insert into older
select 'intelligence.intelligence_subject', landing_row, concat_ws('|', intel_ref, nominal_id, involvement)
from (
    select
        landing_row,
        clean(intel_ref) as intel_ref, clean(nominal_id) as nominal_id, clean(involvement) as involvement,
        row_number() over (
            partition by clean(intel_ref), clean(nominal_id), clean(involvement)
            order by ts(clean(updated_at)) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/intelligence/intelligence_subject.parquet')
    where hash(clean(intel_ref), clean(nominal_id), clean(involvement)) in (select hash(clean(intel_ref), clean(nominal_id), clean(involvement)) from landed('/intelligence/intelligence_subject.parquet') group by 1 having count(*) > 1)
)
where version > 1 and intel_ref is not null and nominal_id is not null and involvement is not null;

insert into older
select 'person.nominal', landing_row, concat_ws('|', nominal_id)
from (
    select
        landing_row,
        clean(nominal_id) as nominal_id,
        row_number() over (
            partition by clean(nominal_id)
            order by ts(clean(updated_at)) desc nulls last, clean(date_of_birth) desc nulls last, clean(sex) desc nulls last, clean(self_defined_ethnicity) desc nulls last, clean(officer_observed_ethnicity) desc nulls last, clean(religion) desc nulls last, clean(disability) desc nulls last, clean(sexual_orientation) desc nulls last, clean(deceased_on) desc nulls last, clean(merged_into) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/person/nominal.parquet')
    where hash(clean(nominal_id)) in (select hash(clean(nominal_id)) from landed('/person/nominal.parquet') group by 1 having count(*) > 1)
)
where version > 1 and nominal_id is not null;

insert into older
select 'person.restriction', landing_row, concat_ws('|', restriction_id)
from (
    select
        landing_row,
        clean(restriction_id) as restriction_id,
        row_number() over (
            partition by clean(restriction_id)
            order by ts(clean(updated_at)) desc nulls last, clean(nominal_id) desc nulls last, clean(record_ref) desc nulls last, clean(reason) desc nulls last, clean(starts_on) desc nulls last, clean(ends_on) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/person/restriction.parquet')
    where hash(clean(restriction_id)) in (select hash(clean(restriction_id)) from landed('/person/restriction.parquet') group by 1 having count(*) > 1)
)
where version > 1 and restriction_id is not null;

insert into older
select 'partnership.safeguarding', landing_row, concat_ws('|', nominal_id, kind, opened_on)
from (
    select
        landing_row,
        clean(nominal_id) as nominal_id, clean(kind) as kind, clean(opened_on) as opened_on,
        row_number() over (
            partition by clean(nominal_id), clean(kind), clean(opened_on)
            order by ts(clean(updated_at)) desc nulls last, clean(closed_on) desc nulls last, clean(updated_at) desc nulls last, landing_row
        ) as version
    from landed('/partnership/safeguarding.parquet')
    where hash(clean(nominal_id), clean(kind), clean(opened_on)) in (select hash(clean(nominal_id), clean(kind), clean(opened_on)) from landed('/partnership/safeguarding.parquet') group by 1 having count(*) > 1)
)
where version > 1 and nominal_id is not null and kind is not null and opened_on is not null;

insert into quarantine select source_table, record_key, 'superseded' from older;
create macro is_older(name, r) as r in (select landing_row from older where source_table = name);

-- 2. The person index: who is merged into whom, and who counts.
create temp table nominals as
select
    *,
    merged_into is not null and merged_into not in (select clean(nominal_id) from landed('/person/nominal.parquet') where clean(nominal_id) is not null) as unknown_nominal,
    false as merge_cycle
from (
    select
        clean(nominal_id) as nominal_id,
        dt(clean(date_of_birth)) as born_on,
        dt(clean(deceased_on)) as died_on,
        clean(merged_into) as merged_into,
        (clean(date_of_birth) is not null and born_on is null)
        or (clean(deceased_on) is not null and died_on is null)
        or is_ts(clean(updated_at)) is not true as bad_date,
        (clean(sex) is not null and clean(sex) not in (select code from codes where domain = 'sex'))
        or (clean(self_defined_ethnicity) is not null and clean(self_defined_ethnicity) not in (select code from codes where domain = 'self_defined_ethnicity'))
        or (clean(officer_observed_ethnicity) is not null and clean(officer_observed_ethnicity) not in (select code from codes where domain = 'officer_observed_ethnicity'))
        or (clean(religion) is not null and clean(religion) not in (select code from codes where domain = 'religion'))
        or (clean(disability) is not null and clean(disability) not in (select code from codes where domain = 'disability'))
        or (clean(sexual_orientation) is not null and clean(sexual_orientation) not in (select code from codes where domain = 'sexual_orientation'))
            as invalid_characteristic
    from landed('/person/nominal.parquet')
    where not is_older('person.nominal', landing_row)
);
create temp table circles as
with recursive merges as (
    select nominal_id, merged_into from nominals where merged_into is not null and nominal_id is not null
), walks as (
    select nominal_id, merged_into as reaches from merges
    union
    select walks.nominal_id, merges.merged_into from walks inner join merges on walks.reaches = merges.nominal_id
)
select nominal_id from walks where nominal_id = reaches;
update nominals set merge_cycle = true where nominal_id in (select nominal_id from circles);
create temp table survivors as
with recursive merges as (
    select nominal_id, merged_into from nominals
    where merged_into is not null and nominal_id is not null and not (bad_date or unknown_nominal or merge_cycle)
), walks as (
    select nominal_id, merged_into as reaches from merges
    union
    select walks.nominal_id, merges.merged_into from walks inner join merges on walks.reaches = merges.nominal_id
)
select nominal_id, reaches from walks where reaches not in (select nominal_id from merges);
insert into quarantine
select 'person.nominal', coalesce(nominal_id, ''), reason
from (
    select nominal_id, unnest([
        case when nominal_id is null then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_nominal then 'unknown_nominal' end, case when merge_cycle then 'merge_cycle' end,
        case when invalid_characteristic then 'invalid_characteristic' end
    ]) as reason
    from nominals
    where nominal_id is null or bad_date or unknown_nominal or merge_cycle or invalid_characteristic
)
where reason is not null;

-- 3. Crime reports.
create temp table reports as
select
    * exclude (migrated_from_ref),
    not (crime_ref is null or bad_date or unknown_offence or committed_after_recorded or invalid_code) as is_sound,
    case when not unknown_record then migrated_from_ref end as older_ref
from (
    select
        *,
        migrated_from_ref is not null and migrated_from_ref not in (
            select clean(crime_ref) from landed('/crime/crime_report.parquet') where clean(crime_ref) is not null
        ) as unknown_record,
        offence_code is null or offence_code not in (select offence_code from offences) as unknown_offence,
        coalesce(committed_from > recorded_on, false) as committed_after_recorded,
        outcome_code is not null and outcome_code not in (select outcome_code from outcomes)
        or bad_list as invalid_code
    from (
        select
            clean(crime_ref) as crime_ref,
            cast(ts(clean(recorded_at)) as date) as recorded_on,
            dt(clean(committed_from)) as committed_from,
            clean(offence_code) as offence_code,
            clean(record_status) as record_status,
            clean(outcome_code) as outcome_code,
            clean(location_kind) as location_kind,
            clean(migrated_from_ref) as migrated_from_ref,
            recorded_on is null or is_dt(clean(committed_from)) is not true or is_ts(clean(updated_at)) is not true
            or (clean(committed_to) is not null and is_dt(clean(committed_to)) is not true) as bad_date,
            clean(source_system) is null or clean(source_system) not in ('CRIS', 'CONNECT')
            or clean(record_status) is null or clean(record_status) not in ('live', 'cancelled', 'transferred')
            or (clean(location_kind) is not null and clean(location_kind) not in ('public', 'private_domestic', 'private_other', 'custody', 'online'))
                as bad_list,
            clean(borough) is not null and clean(borough) not in (select code from codes where domain = 'borough')
                as invalid_characteristic
        from landed('/crime/crime_report.parquet')
        where not is_older('crime.crime_report', landing_row)
    )
);
insert into quarantine
select 'crime.crime_report', coalesce(crime_ref, ''), reason
from (
    select crime_ref, unnest([
        case when crime_ref is null then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_offence then 'unknown_offence' end, case when unknown_record then 'unknown_record' end,
        case when committed_after_recorded then 'committed_after_recorded' end,
        case when invalid_code then 'invalid_code' end,
        case when invalid_characteristic then 'invalid_characteristic' end
    ]) as reason
    from reports
    where not is_sound or unknown_record or invalid_characteristic
)
where reason is not null;

-- A report and the older one that it was carried over from, and from when the older no longer counts.
create temp table replaced as
select older_ref as crime_ref, min(recorded_on) as replaced_on
from reports where is_sound and record_status = 'live' and older_ref <> crime_ref group by all;
create temp table carried as
with recursive steps as (
    select crime_ref, older_ref from reports where is_sound and older_ref is not null and older_ref <> crime_ref
), walks as (
    select crime_ref, older_ref from steps
    union
    select walks.crime_ref, steps.older_ref from walks inner join steps on walks.older_ref = steps.crime_ref
)
select walks.*, reports.is_sound as is_older_sound
from walks inner join reports on walks.older_ref = reports.crime_ref where walks.crime_ref <> walks.older_ref;

-- 4. Flags.
create temp table flags as
select *, not (crime_ref is null or flag is null or origin is null or bad_date or unknown_record or invalid_code) as is_sound
from (
    select
        clean(crime_ref) as crime_ref, clean(flag) as flag, clean(origin) as origin,
        is_ts(clean(updated_at)) is not true as bad_date,
        clean(crime_ref) is not null and clean(crime_ref) not in (select crime_ref from reports where crime_ref is not null) as unknown_record,
        coalesce(clean(flag) not in ('knife', 'firearm', 'corrosive', 'domestic'), false)
        or coalesce(clean(origin) not in ('manual', 'derived'), false) as invalid_code
    from landed('/crime/crime_flag.parquet')
    where not is_older('crime.crime_flag', landing_row)
);
insert into quarantine
select 'crime.crime_flag', concat(crime_ref, '|', flag, '|', origin), reason
from (
    select crime_ref, flag, origin, unnest([
        case when crime_ref is null or flag is null or origin is null then 'missing_key' end,
        case when bad_date then 'bad_date' end, case when unknown_record then 'unknown_record' end,
        case when invalid_code then 'invalid_code' end
    ]) as reason
    from flags where not is_sound
)
where reason is not null;
create temp table flagged as
with held as (
    select crime_ref, flag from flags where crime_ref is not null and (is_sound or flag = 'domestic')
)
select crime_ref, bool_or(flag = 'domestic') as domestic, bool_or(flag = 'knife') as knife, bool_or(flag = 'firearm') as firearm
from (
    from held
    union all
    select carried.crime_ref, flag from held inner join carried on held.crime_ref = carried.older_ref
    where is_older_sound or flag = 'domestic'
)
group by crime_ref;

-- What each report is worth, whoever is linked to it; null for one that cannot score. All are kept: links and
-- intelligence ask what was delivered, and whether it was domestic.
create temp table worth as
select
    crime_ref, recorded_on, replaced_on, committed_from, offence_code, is_sound and record_status = 'live' as stands,
    coalesce(domestic, false) or coalesce(location_kind = 'private_domestic' and not at_home, false) as is_domestic,
    is_sound and no_suspect as without_suspect,
    stands and not is_domestic and coalesce(scores, true) and case scope
        when 'always' then true when 'knife' then coalesce(knife, false) when 'firearm' then coalesce(firearm, false)
        when 'knife_or_firearm' then coalesce(knife or firearm, false) else false end as can_score
from reports
left join offences using (offence_code)
left join outcomes using (outcome_code)
left join flagged using (crime_ref)
left join replaced using (crime_ref)
where crime_ref is not null;
drop table reports;

-- 5. Links.
create temp table links as
select
    clean(crime_ref) as crime_ref, clean(nominal_id) as nominal_id, clean(role) as role,
    clean(link_status) as link_status, cast(ts(clean(linked_at)) as date) as linked_on,
    linked_on is null or is_ts(clean(updated_at)) is not true as bad_date
from landed('/crime/crime_person.parquet')
where not is_older('crime.crime_person', landing_row);
create temp table candidates as
select
    *, crime_ref is null or nominal_id is null or role is null as missing_key,
    not (missing_key or bad_date or unknown_nominal or unknown_record or invalid_role or invalid_code or contradicts) as is_sound
from (
    select
        links.*, worth.* exclude (crime_ref), worth.crime_ref is null and links.crime_ref is not null as unknown_record,
        nominal_id is not null and nominal_id not in (select nominal_id from nominals where nominal_id is not null) as unknown_nominal,
        coalesce(role not in ('suspect', 'accused', 'victim', 'witness', 'other'), false) as invalid_role,
        link_status is null or link_status not in ('live', 'withdrawn') as invalid_code,
        coalesce(without_suspect and link_status = 'live' and role in ('suspect', 'accused'), false) as contradicts
    from links left join worth on links.crime_ref = worth.crime_ref
)
where not is_sound or (link_status = 'live' and role in ('suspect', 'accused') and can_score);
drop table links;
insert into quarantine
select 'crime.crime_person', concat(crime_ref, '|', nominal_id, '|', role), reason
from (
    select crime_ref, nominal_id, role, unnest([
        case when missing_key then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_nominal then 'unknown_nominal' end, case when unknown_record then 'unknown_record' end,
        case when invalid_role then 'invalid_role' end, case when invalid_code then 'invalid_code' end,
        case when contradicts then 'suspect_contradicts_outcome' end
    ]) as reason
    from candidates where not is_sound
)
where reason is not null;

-- 6. Restrictions follow the person and the report.
create temp table restrictions as
select *, restriction_id is null or nominal_id is null as missing_key,
    not (missing_key or bad_date or unknown_nominal or invalid_code) as is_sound
from (
    select
        clean(restriction_id) as restriction_id, clean(nominal_id) as nominal_id, clean(record_ref) as record_ref,
        dt(clean(starts_on)) as starts_on, dt(clean(ends_on)) as ends_on,
        is_dt(clean(starts_on)) is not true or (clean(ends_on) is not null and is_dt(clean(ends_on)) is not true) or is_ts(clean(updated_at)) is not true as bad_date,
        clean(nominal_id) is not null and clean(nominal_id) not in (select nominal_id from nominals where nominal_id is not null) as unknown_nominal,
        clean(reason) is null or clean(reason) not in ('accuracy_contested', 'objection_upheld', 'legal_hold') as invalid_code
    from landed('/person/restriction.parquet')
    where not is_older('person.restriction', landing_row)
);
insert into quarantine
select 'person.restriction', coalesce(restriction_id, ''), reason
from (
    select restriction_id, unnest([
        case when missing_key then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_nominal then 'unknown_nominal' end, case when invalid_code then 'invalid_code' end
    ]) as reason
    from restrictions where not is_sound
)
where reason is not null;
create temp table barred as
with recursive merges as (
    select nominal_id, merged_into from nominals where merged_into is not null and nominal_id is not null
), walks as (
    select nominal_id, case when is_sound then record_ref end as record_ref from restrictions
    where nominal_id is not null and not unknown_nominal and (not is_sound or active(starts_on, ends_on))
    union
    select merges.merged_into, record_ref from walks inner join merges using (nominal_id)
)
select nominal_id, record_ref from walks
union
select nominal_id, carried.crime_ref from walks inner join carried on walks.record_ref = carried.older_ref;

-- 7. Crime points.
create temp table people as
select nominal_id, born_on from nominals
where merged_into is null and nominal_id is not null and not (bad_date or unknown_nominal or merge_cycle);
create temp table linked as
select distinct coalesce(reaches, nominal_id) as nominal_id, crime_ref, recorded_on, replaced_on, committed_from, offence_code,
    min(linked_on) over (partition by coalesce(reaches, nominal_id), crime_ref) as linked_on
from candidates left join survivors using (nominal_id)
where is_sound;
create temp table crime as
select nominal_id, crime_ref, committed_from, points.points
from linked
inner join people using (nominal_id)
inner join points on linked.offence_code = points.offence_code and years(committed_from, getvariable('as_of')) = points.years
where active(greatest(recorded_on, linked_on), replaced_on)
    and coalesce(years(born_on, committed_from) >= getvariable('minimum_age'), true)
    and (nominal_id, crime_ref) not in (select (nominal_id, record_ref) from barred where record_ref is not null);

-- 8. Intelligence.
create temp table intelligence as
select
    *,
    not (intel_ref is null or bad_date or unknown_record or invalid_grading or invalid_code) as is_sound
from (
    select
        intel_ref, submitted_on, bad_date, record_status, linked_crime_ref, gradings.points,
        linked_crime_ref is not null and linked_crime_ref not in (select crime_ref from worth) as unknown_record,
        (grading_scheme, source_grade, assessment_grade) not in (select (grading_scheme, source_grade, assessment_grade) from gradings) as invalid_grading,
        bad_list or category is null or category not in (select category from gradings) as invalid_code
    from (
        select
            clean(intel_ref) as intel_ref, cast(ts(clean(submitted_at)) as date) as submitted_on,
            clean(category) as category, coalesce(clean(grading_scheme), '') as grading_scheme,
            coalesce(clean(source_grade), '') as source_grade, coalesce(clean(assessment_grade), '') as assessment_grade,
            clean(record_status) as record_status, clean(linked_crime_ref) as linked_crime_ref,
            submitted_on is null or is_ts(clean(updated_at)) is not true
            or (clean(event_on) is not null and is_dt(clean(event_on)) is not true) as bad_date,
            clean(handling_code) is null or clean(handling_code) not in (select code from codes where domain = 'handling_code')
            or clean(record_status) is null or clean(record_status) not in ('live', 'retracted') as bad_list
        from landed('/intelligence/intelligence_report.parquet')
        where not is_older('intelligence.intelligence_report', landing_row)
    )
    left join gradings using (category, grading_scheme, source_grade, assessment_grade)
);
insert into quarantine
select 'intelligence.intelligence_report', coalesce(intel_ref, ''), reason
from (
    select intel_ref, unnest([
        case when intel_ref is null then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_record then 'unknown_record' end, case when invalid_grading then 'invalid_grading' end,
        case when invalid_code then 'invalid_code' end
    ]) as reason
    from intelligence where not is_sound
)
where reason is not null;
create temp table subjects as
select *, intel_ref is null or nominal_id is null or involvement is null as missing_key,
    not (missing_key or bad_date or unknown_nominal or unknown_record or invalid_role) as is_sound
from (
    select
        clean(intel_ref) as intel_ref, clean(nominal_id) as nominal_id, clean(involvement) as involvement,
        is_ts(clean(updated_at)) is not true as bad_date,
        clean(nominal_id) is not null and clean(nominal_id) not in (select nominal_id from nominals where nominal_id is not null) as unknown_nominal,
        clean(intel_ref) is not null and clean(intel_ref) not in (select intel_ref from intelligence where intel_ref is not null) as unknown_record,
        coalesce(clean(involvement) not in ('subject', 'associate', 'victim', 'witness', 'mentioned'), false) as invalid_role
    from landed('/intelligence/intelligence_subject.parquet')
    where not is_older('intelligence.intelligence_subject', landing_row)
)
where not is_sound or involvement = 'subject';
insert into quarantine
select 'intelligence.intelligence_subject', concat(intel_ref, '|', nominal_id, '|', involvement), reason
from (
    select intel_ref, nominal_id, involvement, unnest([
        case when missing_key then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when unknown_nominal then 'unknown_nominal' end, case when unknown_record then 'unknown_record' end,
        case when invalid_role then 'invalid_role' end
    ]) as reason
    from subjects where not is_sound
)
where reason is not null;
create temp table told as
select distinct coalesce(reaches, nominal_id) as nominal_id, intel_ref, points, linked_crime_ref
from intelligence
inner join subjects using (intel_ref)
left join survivors using (nominal_id)
inner join people on coalesce(reaches, nominal_id) = people.nominal_id
where intelligence.is_sound and subjects.is_sound and involvement = 'subject' and record_status = 'live'
    and points is not null and submitted_on <= getvariable('as_of')
    and years(submitted_on, getvariable('as_of')) < getvariable('intelligence_years');
create temp table meant as
with links as (select distinct linked_crime_ref from told where linked_crime_ref is not null)
select linked_crime_ref, worth.crime_ref, is_domestic
from (
    select linked_crime_ref, linked_crime_ref as crime_ref from links
    union all
    select linked_crime_ref, carried.crime_ref from links inner join carried on linked_crime_ref = older_ref
)
inner join worth using (crime_ref)
where stands and active(recorded_on, replaced_on);
create temp table intelligence_points as
select told.nominal_id, told.points
from told
left join (
    select told.nominal_id, intel_ref,
        bool_or(is_domestic or barred.record_ref is not null or crime.crime_ref is not null) as is_out
    from told
    inner join meant using (linked_crime_ref)
    left join barred on told.nominal_id = barred.nominal_id and meant.crime_ref = barred.record_ref
    left join crime on told.nominal_id = crime.nominal_id and meant.crime_ref = crime.crime_ref
    group by all
) as about on told.nominal_id = about.nominal_id and told.intel_ref = about.intel_ref
where (linked_crime_ref is null or not is_out)
    and (told.nominal_id, told.intel_ref) not in (select (nominal_id, record_ref) from barred where record_ref is not null);

-- 9. Referrals, and the list.
create temp table referrals as
select *, nominal_id is null or kind is null or opened is null as missing_key
from (
    select
        clean(nominal_id) as nominal_id, clean(kind) as kind, clean(opened_on) as opened,
        dt(clean(opened_on)) as from_on, dt(clean(closed_on)) as until_on,
        (opened is not null and from_on is null) or (clean(closed_on) is not null and until_on is null)
        or is_ts(clean(updated_at)) is not true as bad_date,
        coalesce(clean(kind) not in (select code from codes where domain = 'safeguarding_kind'), false) as invalid_code
    from landed('/partnership/safeguarding.parquet')
    where not is_older('partnership.safeguarding', landing_row)
);
insert into quarantine
select 'partnership.safeguarding', concat(nominal_id, '|', kind, '|', opened), reason
from (
    select nominal_id, kind, opened, unnest([
        case when missing_key then 'missing_key' end, case when bad_date then 'bad_date' end,
        case when invalid_code then 'invalid_code' end
    ]) as reason
    from referrals where missing_key or bad_date or invalid_code
)
where reason is not null;
create temp table list as
with scored as (
    select nominal_id, sum(points) as crime_score, count(*) filter (where points > 0) as crime_reports, max(committed_from) as latest
    from crime group by nominal_id having crime_reports >= getvariable('minimum_reports')
), informed as (
    select nominal_id, sum(points) as uncapped from intelligence_points group by nominal_id
), totals as (
    select scored.*,
        least(coalesce(uncapped, 0), round(getvariable('cap')::decimal(9, 4) * crime_score, 4))::decimal(18, 4) as intelligence_score,
        (crime_score + intelligence_score)::decimal(18, 4) as total
    from scored left join informed using (nominal_id)
    where total >= getvariable('threshold')
), deaths as (
    select coalesce(reaches, nominal_id) as nominal_id, min(died_on) as died_on
    from nominals left join survivors using (nominal_id)
    where died_on is not null and not (bad_date or unknown_nominal or merge_cycle) group by all
), open_referrals as (
    select distinct coalesce(reaches, nominal_id) as nominal_id
    from referrals left join survivors using (nominal_id)
    where not (missing_key or bad_date or invalid_code) and active(from_on, until_on)
)
select
    getvariable('as_of') as as_of_date,
    row_number() over (order by total desc, crime_score desc, latest desc, totals.nominal_id) as rank,
    totals.nominal_id, total, crime_score::decimal(18, 4) as crime_score, intelligence_score, crime_reports, latest,
    years(born_on, getvariable('as_of')) as age, age < getvariable('adult_age') as is_child,
    open_referrals.nominal_id is not null as has_referral
from totals
inner join people using (nominal_id)
left join deaths using (nominal_id)
left join open_referrals using (nominal_id)
where born_on is not null and age >= getvariable('minimum_age')
    and not coalesce(died_on <= getvariable('as_of'), false)
    and totals.nominal_id not in (select nominal_id from barred where record_ref is null);
