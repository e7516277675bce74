-- A row is a person who is on the list of a past date, on that of the date before, or on both.
with

dates as (

    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_date
    from {{ ref('int_assessments') }}

),

listed as (

    select
        dates.as_of_date,
        lists.nominal_id,
        lists.rank,
        lists.total_score
    from dates
    inner join {{ ref('past_lists') }} as lists on dates.as_of_date = lists.as_of_date
    where dates.previous_date is not null

),

listed_before as (

    select
        dates.as_of_date,
        lists.nominal_id,
        lists.rank,
        lists.total_score
    from dates
    inner join {{ ref('past_lists') }} as lists on dates.previous_date = lists.as_of_date

)

select
    as_of_date,
    nominal_id,
    case
        when listed.nominal_id is null then 'removed'
        when listed_before.nominal_id is null then 'added'
        else 'kept'
    end as movement,
    listed_before.rank as previous_rank,
    listed.rank,
    listed_before.total_score as previous_score,
    listed.total_score
from listed
full outer join listed_before using (as_of_date, nominal_id)
order by as_of_date, nominal_id
