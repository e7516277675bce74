-- A row is a person: a sound entry of the person index that is merged into no other; or the least member of a
-- circle of merges, which stands for all of it and is never listed.
{{ config(materialized='table') }}

with

deaths as (

    select
        survivors.survivor_id,
        min(nominals.deceased_on) as deceased_on
    from {{ ref('int_nominals_judged') }} as nominals
    inner join {{ ref('int_survivors') }} as survivors on nominals.nominal_id = survivors.nominal_id
    where nominals.is_sound
        and nominals.deceased_on is not null
    group by survivors.survivor_id

)

select
    nominals.nominal_id,
    nominals.merge_cycle as is_in_merge_cycle,
    nominals.date_of_birth,
    deaths.deceased_on,
{% for characteristic in characteristics() -%}
    nominals.{{ characteristic }}{{ ',' if not loop.last }}
{% endfor -%}
from {{ ref('int_nominals_judged') }} as nominals
left join deaths on nominals.nominal_id = deaths.survivor_id
where (nominals.is_sound and nominals.merged_into is null)
    or nominals.nominal_id in (
        select survivors.survivor_id
        from {{ ref('int_survivors') }} as survivors
        inner join {{ ref('int_nominals_judged') }} as members on survivors.survivor_id = members.nominal_id
        where members.merge_cycle
    )
