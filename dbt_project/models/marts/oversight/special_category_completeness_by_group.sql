-- A row is a sex or an age band of the suspects: how completely a characteristic is recorded at a quarter's end.
with

shown as (

    select
        period,
        characteristic,
        by_characteristic,
        by_group,
        status,
        case when status = 'published' then {{ rounded_to_base('recorded') }} end as recorded,
        case when status = 'published' then {{ rounded_to_base('not_stated') }} end as not_stated,
        case when status = 'published' then {{ rounded_to_base('missing') }} end as missing
    from {{ ref('int_protected_completeness') }}

),

closing as (

    select
        *,
        case
            when recorded + not_stated + missing > 0
                then cast(round(100.0 * recorded / (recorded + not_stated + missing), 1) as decimal(4, 1))
        end as percentage_recorded
    from shown

)

{{ quarterly('special_category_completeness_by_group', [
    'period', 'characteristic', 'by_characteristic', 'by_group', 'recorded', 'not_stated', 'missing',
    'percentage_recorded', 'status'
]) }}
