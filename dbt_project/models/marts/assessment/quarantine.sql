-- A row is one reason for which a delivered row, or a value of it, does not count in this run.
with

first_seen as (

    select
        earlier.source_table,
        earlier.record_key,
        earlier.reason,
        min_by(earlier.first_seen_run, register.published_at) as first_seen_run
    from {{ source('history', 'quarantine') }} as earlier
    inner join {{ source('history', 'release_register') }} as register on earlier.run_id = register.run_id
    group by earlier.source_table, earlier.record_key, earlier.reason

)

select
    quarantined.source_table,
    quarantined.record_key,
    quarantined.reason,
    quarantined.effect,
    coalesce(first_seen.first_seen_run, context.run_id) as first_seen_run
from {{ ref('int_quarantined_rows') }} as quarantined
cross join {{ source('run', 'context') }} as context
left join first_seen
    on quarantined.source_table = first_seen.source_table
        and quarantined.record_key = first_seen.record_key
        and quarantined.reason = first_seen.reason
order by quarantined.source_table, quarantined.record_key, quarantined.reason
