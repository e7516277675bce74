-- A row is a past date with the number of people on its list, and of those who came, went and stayed since the
-- date before.
with

listed as (

    select
        as_of_date,
        count(*) as people
    from {{ ref('past_lists') }}
    group by as_of_date

),

moved as (

    select
        as_of_date,
        count(*) filter (where movement = 'added') as added,
        count(*) filter (where movement = 'removed') as removed,
        count(*) filter (where movement = 'kept') as kept
    from {{ ref('past_movements') }}
    group by as_of_date

),

dates as (

    select
        as_of_date,
        row_number() over (order by as_of_date) = 1 as is_first
    from {{ ref('int_assessments') }}

)

select
    dates.as_of_date,
    coalesce(listed.people, 0) as listed,
    case when not dates.is_first then coalesce(moved.added, 0) end as added,
    case when not dates.is_first then coalesce(moved.removed, 0) end as removed,
    case when not dates.is_first then coalesce(moved.kept, 0) end as kept
from dates
left join listed on dates.as_of_date = listed.as_of_date
left join moved on dates.as_of_date = moved.as_of_date
order by dates.as_of_date
