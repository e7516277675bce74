-- One row: the policy that scoring reads, a typed column a parameter.
select
    {{ parameters_in_columns() }}
from {{ ref('policy') }}
