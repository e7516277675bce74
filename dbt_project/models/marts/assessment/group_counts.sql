-- A row is an exact number of listed people behind the figures of a quarter, or of those who came and went in it, and
-- what was shown of it: never published, and needed so that later quarters do not give earlier ones away.
with

decided as (

    {% for model in ['int_protected_counts', 'int_protected_tables'] -%}
        select
            period,
            population_kind,
            characteristic,
            group_code,
            status
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

closing as (

    select
        counts.period,
        counts.population_kind,
        counts.characteristic,
        counts.group_code,
        counts.people,
        decided.status
    from {{ ref('int_group_counts') }} as counts
    inner join decided using (period, population_kind, characteristic, group_code)
    where counts.population_kind = 'listed'

    union all

    select
        period,
        unnest(['added', 'removed']) as population_kind,
        'all' as characteristic,
        'all' as group_code,
        case when is_told then unnest([added, removed]) end as people,
        case when is_told then 'published' else 'secondary_suppressed' end as status
    from {{ ref('int_list_flows') }}

    union all

    select
        period,
        'removed' as population_kind,
        characteristic,
        group_code,
        people,
        status
    from {{ ref('int_protected_removals') }}

)

{{ quarterly('group_counts', ['period', 'population_kind', 'characteristic', 'group_code', 'people', 'status']) }}
