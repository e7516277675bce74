-- One row: the policy that scoring reads, a typed column a parameter.
select
    {% for parameter, type in {
        'harm_weight_scheme': 'varchar',
        'scale_anchor_offence': 'varchar',
        'decay_method': 'varchar',
        'crime_lookback_years': 'integer',
        'minimum_crime_reports': 'integer',
        'minimum_age': 'integer',
        'adult_age': 'integer',
        'score_threshold': 'decimal(18, 4)',
        'intelligence_window_years': 'integer',
        'intelligence_cap_ratio': 'decimal(9, 4)',
        'review_interval_days': 'integer',
        'review_interval_days_child': 'integer',
        'suppression_threshold': 'integer',
        'rounding_base': 'integer',
    }.items() -%}
        cast(max(case when parameter = '{{ parameter }}' then "value" end) as {{ type }}) as {{ parameter }}
        {{- ',' if not loop.last }}
{% endfor -%}
from {{ ref('policy') }}
