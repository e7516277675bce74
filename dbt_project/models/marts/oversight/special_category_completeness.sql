-- A row is how completely one characteristic is recorded for a population at a quarter's end. It is made from protected
-- numbers alone: those recorded are the sum of the groups where all are shown, else the rest of the population.
with

counts as (

    select
        counts.period,
        counts.population_kind,
        case counts.characteristic
            when 'age_band' then 'date_of_birth'
            when 'self_defined_ethnicity_5' then 'self_defined_ethnicity'
            else counts.characteristic
        end as characteristic,
        max(case when counts.group_code = 'not_stated' then counts.people end) as not_stated,
        max(case when counts.group_code = 'missing' then counts.people end) as missing,
        max(totals.people) as people,
        cast(
            sum(case when counts.group_code not in ('not_stated', 'missing') then counts.people end) as bigint
        ) as people_in_groups,
        sum(case when counts.people is null then 1 else 0 end) as withheld_groups
    from {{ ref('int_protected_counts') }} as counts
    inner join {{ ref('int_protected_counts') }} as totals
        on counts.period = totals.period
            and counts.population_kind = totals.population_kind
            and totals.characteristic = 'all'
    where counts.population_kind in ('listed', 'scored', 'suspects')
        and counts.characteristic not in ('all', 'self_defined_ethnicity_18')
    group by counts.period, counts.population_kind, counts.characteristic

),

recorded as (

    select
        *,
        case
            when withheld_groups = 0 then people_in_groups
            when people < not_stated + missing then 0
            else people - not_stated - missing
        end as recorded
    from counts

),

closing as (

    select
        period,
        population_kind,
        characteristic,
        recorded,
        not_stated,
        missing,
        case
            when people > 0 and recorded is not null
                then cast(round(cast(100 as decimal(9, 4)) * least(recorded, people) / people, 1) as decimal(4, 1))
        end as percentage_recorded,
        case when recorded is null then 'suppressed' else 'published' end as status
    from recorded

)

{{ quarterly('special_category_completeness', [
    'period', 'population_kind', 'characteristic', 'recorded', 'not_stated', 'missing', 'percentage_recorded', 'status'
]) }}
