-- A row is a sound, live crime report: from when until when it stands, and whether it is domestic and in scope; and
-- on which of the method's assumptions that rests.
select
    reports.crime_ref,
    cast(reports.recorded_at as date) as recorded_on,
    replaced.replaced_on,
    reports.committed_from,
    reports.offence_code,
    reports.incident_ref,
    case
        when offences.scope = 'always' then offences.crime_area
        when flags.is_firearm then 'gun crime'
        else 'knife crime'
    end as crime_area,
    coalesce(flags.is_domestic, false)
    or coalesce(reports.location_kind = 'private_domestic' and not offences.counts_in_private_domestic, false)
        as is_domestic,
    coalesce(outcomes.scores, true) as is_outcome_scoring,
    case offences.scope
        when 'always' then true
        when 'knife' then coalesce(flags.is_knife, false)
        when 'firearm' then coalesce(flags.is_firearm, false)
        when 'knife_or_firearm' then coalesce(flags.is_knife or flags.is_firearm, false)
        else false
    end as is_offence_in_scope,
    case offences.scope
        when 'knife' then not coalesce(flags.is_knife_by_hand, false)
        when 'firearm' then not coalesce(flags.is_firearm_by_hand, false)
        when 'knife_or_firearm' then not coalesce(flags.is_knife_by_hand or flags.is_firearm_by_hand, false)
        else false
    end as rests_on_derived_flag,
    coalesce(reports.location_kind = 'private_domestic', false) as rests_on_private_home_exception,
    reports.location_kind is null as rests_on_unknown_location,
    offences.police_generated as is_police_generated
from {{ ref('int_crime_reports_judged') }} as reports
inner join {{ ref('offences') }} as offences on reports.offence_code = offences.offence_code
left join {{ ref('outcome_codes') }} as outcomes on reports.outcome_code = outcomes.outcome_code
left join {{ ref('int_report_flags') }} as flags on reports.crime_ref = flags.crime_ref
left join {{ ref('int_replaced_reports') }} as replaced on reports.crime_ref = replaced.crime_ref
where reports.is_sound
    and reports.record_status = 'live'
