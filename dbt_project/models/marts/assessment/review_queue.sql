-- A row is a person whom somebody has to look at, with the reason.
with

without_date_of_birth as (

    select
        as_of_date,
        nominal_id,
        'date_of_birth_missing' as reason
    from {{ ref('int_assessed_people') }}
    where assessment = 'release'
        and meets_all_but_known_age
        and age is null
        and not is_in_merge_cycle

),

suspects_who_are_victims as (

    select distinct
        listed.as_of_date,
        listed.nominal_id,
        'suspect_and_victim' as reason
    from {{ ref('assessment_list') }} as listed
    inner join {{ ref('score_contributions') }} as contributions
        on listed.nominal_id = contributions.nominal_id
            and contributions.kind = 'crime'
    inner join {{ ref('int_crime_links') }} as victims
        on contributions.nominal_id = victims.nominal_id
            and contributions.record_ref = victims.crime_ref
            and victims.side = 'victim'
            and listed.as_of_date >= victims.linked_on

)

select * from without_date_of_birth
union all
select * from suspects_who_are_victims
order by nominal_id, reason
