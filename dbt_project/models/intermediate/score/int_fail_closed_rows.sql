-- A row is a number of bad rows that the method, in doubt, lets work against listing: each is a critical failure
-- of the audit, because the list is then not what the sources mean.
with

bad_rows as (

    select
        'person.restriction' as source_table,
        'bad_restriction' as reason
    from {{ ref('int_restrictions_judged') }}
    where nominal_id is not null
        and not unknown_nominal
        and not is_sound

    union all

    select
        'crime.crime_flag' as source_table,
        'bad_domestic_flag' as reason
    from {{ ref('int_crime_flags_judged') }}
    where flag = 'domestic'
        and crime_ref is not null
        and not unknown_record
        and not is_sound

    union all

    select
        'person.nominal' as source_table,
        'merge_cycle' as reason
    from {{ ref('int_assessed_people') }}
    where assessment = 'release'
        and is_in_merge_cycle
        and meets_all_but_known_age

)

select
    source_table,
    reason,
    count(*) as row_count
from bad_rows
group by source_table, reason
