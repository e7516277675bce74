-- A row is a figure of a variant of the policy, or (variant as_published) of the list itself, as it is published.
with

figures as (

    select
        period,
        variant,
        measure,
        characteristic,
        group_code,
        people as value,
        status
    from {{ ref('int_variant_protected') }}

    {% for measure in ['list_size', 'overlap'] -%}
        union all

        select
            period,
            variant,
            '{{ measure }}' as measure,
            'all' as characteristic,
            'all' as group_code,
            {{ measure }} as value,
            case when {{ measure }} is null then status_if_withheld else 'published' end as status
        from {{ ref('int_variant_overlaps') }}
        {% if measure == 'overlap' %}where variant <> 'as_published'{% endif %}

    {% endfor -%}
    {% for measure in ['rate_ratio_low', 'rate_ratio_high'] -%}
        union all

        select
            period,
            variant,
            '{{ measure }}' as measure,
            characteristic,
            group_code,
            {{ measure }} as value,
            case when {{ measure }} is null then 'insufficient_data' else 'published' end as status
        from {{ ref('int_variant_disparity') }}

    {% endfor -%}
    union all

    select
        period,
        'as_published' as variant,
        measure,
        'all' as characteristic,
        'all' as group_code,
        percentage as value,
        case when percentage is null then 'suppressed' else 'published' end as status
    from {{ ref('int_weight_shares') }}

)

select
    period,
    variant,
    measure,
    characteristic,
    group_code,
    cast(value as decimal(18, 4)) as value,
    status
from figures
