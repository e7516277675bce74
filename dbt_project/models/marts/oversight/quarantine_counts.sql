-- A row is the number of delivered rows of a table that do not count, or count less, for one reason.
select
    context.run_id,
    quarantined.source_table,
    quarantined.reason,
    count(*) as row_count
from {{ ref('int_quarantined_rows') }} as quarantined
cross join {{ source('run', 'context') }} as context
group by context.run_id, quarantined.source_table, quarantined.reason
order by quarantined.source_table, quarantined.reason
