-- A row is a code by which somebody says that they do not say.
select
    domain as characteristic,
    code
from {{ ref('code_lists') }}
where not_stated

union all

select
    scheme || '_ethnicity' as characteristic,
    code
from {{ ref('ethnicity_codes') }}
where group_5 = 'Not stated'
