-- A row is an earlier release. A release's own row is in its manifest, since it names hashes of this file.
select
    run_id,
    as_of_date,
    published_at,
    git_commit,
    inputs_hash,
    list_hash,
    sign_off_kind
from {{ source('history', 'release_register') }}
order by published_at, run_id
