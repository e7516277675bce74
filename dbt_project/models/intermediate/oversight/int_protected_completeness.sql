-- A row is a sex or an age band of the suspects with whether it may be shown of how many a characteristic is recorded.
-- A row with a small number, or of a group whose size is withheld, is withheld whole; and with such rows one that has
-- room for every small number in each column, so that no column gives them away. Where there is none, or where the
-- columns themselves are withheld, the table is.
{%- set table = ['period', 'characteristic', 'by_characteristic'] %}
{%- set states = ['recorded', 'not_stated', 'missing'] %}
with

marked as (

    select
        rows_of_table.*,
        policy.suppression_threshold,
        policy.rounding_base,
        {% for state in states -%}
            rows_of_table.{{ state }} between 1 and policy.suppression_threshold - 1 or
        {% endfor -%}
        coalesce(of_group.status, 'withheld') <> 'published' as is_few,
        {% for state in states -%}
            case when rows_of_table.{{ state }} >= 2 * policy.suppression_threshold - 2 then 1 else 0 end {{ '+' if not loop.last }}
        {% endfor -%}
        as columns_with_room,
        withheld.characteristic is not null as is_withheld
    from {{ ref('int_completeness_rows') }} as rows_of_table
    cross join {{ ref('int_policy') }} as policy
    left join {{ ref('int_protected_counts') }} as of_group
        on rows_of_table.period = of_group.period
            and rows_of_table.by_characteristic = of_group.characteristic
            and rows_of_table.by_group = of_group.group_code
            and of_group.population_kind = 'suspects'
    left join {{ ref('withheld_tables') }} as withheld
        on rows_of_table.period = withheld.period
            and rows_of_table.characteristic || '_by_' || rows_of_table.by_characteristic = withheld.characteristic

),

-- The columns' sums, as the table of one characteristic withholds them.
hidden_columns as (

    select distinct
        period,
        replace(characteristic, 'self_defined_ethnicity_5', 'self_defined_ethnicity') as characteristic
    from {{ ref('int_protected_counts') }}
    where population_kind = 'suspects'
        and group_code in ('not_stated', 'missing')
        and status <> 'published'

),

roomy as (

    select
        *,
        columns_with_room >= 2
        {% for state in states -%}
            and (
                {{ state }} >= 2 * suppression_threshold - 2
                or sum(case when is_few then {{ state }} else 0 end) over (partition by {{ table | join(', ') }}) = 0
            )
        {% endfor -%}
        as has_room
    from marked

),

chosen as (

    select
        *,
        bool_or(is_few) over of_table as is_any_few,
        bool_or(is_few and has_room) over of_table as is_made_up,
        min(case when has_room and not is_few then people end) over of_table as least_room
    from roomy
    window of_table as (partition by {{ table | join(', ') }})

)

select
    chosen.period,
    chosen.characteristic,
    chosen.by_characteristic,
    chosen.by_group,
    chosen.recorded,
    chosen.not_stated,
    chosen.missing,
    chosen.rounding_base,
    case
        when chosen.is_withheld or hidden_columns.period is not null then 'secondary_suppressed'
        when not chosen.is_any_few then 'published'
        when chosen.is_few or (not chosen.is_made_up and chosen.least_room is null) then 'secondary_suppressed'
        when not chosen.is_made_up and chosen.has_room and chosen.people = chosen.least_room then 'secondary_suppressed'
        else 'published'
    end as status
from chosen
left join hidden_columns using (period, characteristic)
