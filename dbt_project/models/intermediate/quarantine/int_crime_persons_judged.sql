-- A row is a link of a nominal to a crime report with what is wrong with it. Most of them are never asked for again:
-- int_crime_persons_kept holds the others.

with

links as (

    select
        links.*,
        reports.crime_ref is not null as is_report_delivered,
        coalesce(reports.is_sound and not outcomes.suspect_identified, false) as is_without_suspect
    from {{ ref('stg_crime__persons') }} as links
    -- No link names a null reference; to say so makes the join remember the reports, which are fewer than the links.
    left join {{ ref('int_crime_reports_judged') }} as reports
        on links.crime_ref = reports.crime_ref
            and reports.crime_ref is not null
    left join {{ ref('outcome_codes') }} as outcomes on reports.outcome_code = outcomes.outcome_code

),

judged as (

    select
        crime_ref,
        nominal_id,
        role,
        link_status,
        linked_at,
        bad_date,
        crime_ref is null or nominal_id is null or role is null as missing_key,
        nominal_id is not null and (nominal_id in (
            select delivered.nominal_id from {{ ref('int_nominals_judged') }} as delivered
            where delivered.nominal_id is not null
        )) is not true as unknown_nominal,
        crime_ref is not null and not is_report_delivered as unknown_record,
        {{ is_outside('role', 'role') }} as invalid_role,
        link_status is null or {{ is_outside('link_status', 'link_status') }} as invalid_code,
        is_without_suspect
        and coalesce(link_status = 'live' and role in ('suspect', 'accused'), false) as suspect_contradicts_outcome
    from links

)

select
    *,
    (not (
        missing_key or bad_date or unknown_nominal or unknown_record or invalid_role or invalid_code
        or suspect_contradicts_outcome
    )) as is_sound
from judged
