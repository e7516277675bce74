-- A row is a sex or an age band of the suspects with whether it may be shown of how many a characteristic is recorded.
-- A row with a small number, or of a group whose size is withheld, is withheld whole; with such rows goes the smallest
-- that has room for small numbers in each of their columns. Without one, or where columns are withheld, the table goes.
{%- set table = 'partition by period, characteristic, by_characteristic' %}
with

marked as (

    select
        rows_of_table.*,
        policy.rounding_base,
        2 * policy.suppression_threshold - 2 as room,
        rows_of_table.recorded between 1 and policy.suppression_threshold - 1
        or rows_of_table.not_stated between 1 and policy.suppression_threshold - 1
        or rows_of_table.missing between 1 and policy.suppression_threshold - 1
        or coalesce(of_group.status, 'withheld') <> 'published' as is_few,
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
        len(list_filter([recorded, not_stated, missing], people_in_column -> people_in_column >= room)) >= 2
        and (recorded >= room or sum(case when is_few then recorded else 0 end) over ({{ table }}) = 0)
        and (not_stated >= room or sum(case when is_few then not_stated else 0 end) over ({{ table }}) = 0)
        and (missing >= room or sum(case when is_few then missing else 0 end) over ({{ table }}) = 0) as has_room
    from marked

),

chosen as (

    select
        *,
        bool_or(is_few) over ({{ table }}) and not bool_or(is_few and has_room) over ({{ table }}) as needs_room,
        min(case when has_room and not is_few then people end) over ({{ table }}) as least_room
    from roomy

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
        when chosen.is_withheld or hidden_columns.period is not null or chosen.is_few then 'secondary_suppressed'
        when chosen.needs_room and coalesce(chosen.people = chosen.least_room, true) then 'secondary_suppressed'
        else 'published'
    end as status
from chosen
left join hidden_columns using (period, characteristic)
