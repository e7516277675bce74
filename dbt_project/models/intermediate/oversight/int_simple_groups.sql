-- A row is a group of one characteristic, from the seeds; not_stated and missing are groups of each.
select
    'self_defined_ethnicity_18' as characteristic,
    code as group_code,
    group_5 as partition_code
from {{ ref('ethnicity_codes') }}
where scheme = 'self_defined'
    and group_5 <> 'Not stated'

union all

select distinct
    scheme || '_ethnicity_5' as characteristic,
    group_5 as group_code,
    'all' as partition_code
from {{ ref('ethnicity_codes') }}
where group_5 <> 'Not stated'

union all

select
    'officer_observed_ethnicity' as characteristic,
    code as group_code,
    'all' as partition_code
from {{ ref('ethnicity_codes') }}
where scheme = 'officer_observed'
    and group_5 <> 'Not stated'

union all

select
    'age_band' as characteristic,
    band as group_code,
    'all' as partition_code
from {{ ref('age_bands') }}

union all

select
    domain as characteristic,
    code as group_code,
    'all' as partition_code
from {{ ref('code_lists') }}
where domain in ('sex', 'religion', 'disability', 'sexual_orientation')
    and not not_stated

{% for characteristic in counted_characteristics() + ['officer_observed_ethnicity_5'] -%}
    {% for unknown in ['not_stated', 'missing'] -%}
        union all

        select
            '{{ characteristic }}' as characteristic,
            '{{ unknown }}' as group_code,
            'all' as partition_code

    {% endfor -%}
{% endfor -%}
