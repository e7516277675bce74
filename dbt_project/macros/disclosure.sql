{# A count of people as it may be published once it is not suppressed: to the nearest multiple of the policy's
   rounding base. #}
{% macro rounded_to_base(people) -%}
    cast(({{ people }} + rounding_base // 2) // rounding_base * rounding_base as bigint)
{%- endmacro %}

{# What may be shown of the cells of a relation, every column of which comes along. Whoever knows the total of a
   partition, and exactly every cell that is shown, must still think each value from 1 to below the threshold
   possible for each cell that is not: where there are such few people, the first cell that is large enough to make
   up for any of them is withheld with them, and where there is none, all of the partition.
   Columns added: status; is_absorbing (the cell that makes up).
   partition: the columns whose cells add up to a number that others may know. cell: those that tell its cells apart.
   shown: whether the partition may be shown at all. preference: by which the first cell is the first. #}
{% macro with_status(counts, partition, cell, shown='true', preference='people') -%}
    select
        * exclude (cell_order, few_cells, absorbing_cell),
        coalesce(({{ shown }}) and few_cells > 0 and cell_order = absorbing_cell, false) as is_absorbing,
        case
            when not ({{ shown }}) or (few_cells > 0 and absorbing_cell is null) then 'secondary_suppressed'
            when people between 1 and suppression_threshold - 1 then 'suppressed'
            when few_cells > 0 and cell_order = absorbing_cell then 'secondary_suppressed'
            else 'published'
        end as status
    from (
        select
            *,
            min(case when people >= 2 * suppression_threshold - 2 then cell_order end)
                over (partition by {{ partition | join(', ') }}) as absorbing_cell
        from (
            select
                counted.*,
                policy.suppression_threshold,
                policy.rounding_base,
                row_number() over (
                    partition by {{ partition | join(', ') }} order by {{ preference }}, {{ cell | join(', ') }}
                ) as cell_order,
                sum(case when counted.people between 1 and policy.suppression_threshold - 1 then 1 else 0 end)
                    over (partition by {{ partition | join(', ') }}) as few_cells
            from {{ counts }} as counted
            cross join {{ ref('int_policy') }} as policy
        )
    )
{%- endmacro %}

{# Counts of people as they may be published, for any table: partition and cell as above, people (rounded, null
   where withheld) and status. The relation has a row for every cell, those of nobody too. #}
{% macro protected(counts, partition, cell, shown='true') -%}
    select
        {% for column in partition + cell -%}
            {{ column }},
        {% endfor -%}
        case when status = 'published' then {{ rounded_to_base('people') }} end as people,
        status
    from ({{ with_status(counts, partition, cell, shown) }})
{%- endmacro %}

{# Tables of the listed beside the one that was shown last: how many cells are withheld that were shown then, or the
   other way round, by how much all cells changed, and whether anything is shown now.
   cells: the listed's cells with exact people and status. #}
{% macro compared_with_last_shown(cells) -%}
    select
        cells.period,
        cells.characteristic,
        last_shown.period as shown_in,
        sum(case when cells.status <> earlier.status then 1 else 0 end) as changed,
        sum(abs(cells.people - earlier.people)) as explained,
        max(case when cells.status = 'secondary_suppressed' then 0 else 1 end) as is_shown
    from {{ cells }} as cells
    inner join (
        select
            history.characteristic,
            max(history.period) as period
        from {{ source('history', 'group_counts') }} as history
        inner join {{ ref('int_previous_release') }} as previous on history.run_id = previous.run_id
        where history.population_kind = 'listed'
            and history.status in ('published', 'suppressed')
            and history.period not in (select closing.period from {{ cells }} as closing)
        group by history.characteristic
    ) as last_shown on cells.characteristic = last_shown.characteristic
    inner join {{ source('history', 'group_counts') }} as earlier
        on cells.characteristic = earlier.characteristic
            and cells.group_code = earlier.group_code
            and earlier.population_kind = 'listed'
            and earlier.period = last_shown.period
    inner join {{ ref('int_previous_release') }} as previous on earlier.run_id = previous.run_id
    where cells.population_kind = 'listed'
    group by cells.period, cells.characteristic, last_shown.period
{%- endmacro %}

{# Tables of the listed that a reader could compare with the one shown last: where what is withheld differs, the people
   who are known to have come or gone must leave room for every value of a withheld cell. Each cell of a table moves by
   at most the threshold less two, and room is what is left of the movements once all changes of the cells are
   explained. A quarter of which movements are told by group leaves none.
   cells: as above. moving: how many cells move when one does. #}
{% macro told_by_movements(cells, moving) -%}
    select
        compared.period,
        compared.characteristic
    from ({{ compared_with_last_shown(cells) }}) as compared
    cross join {{ ref('int_policy') }} as policy
    inner join (
        select
            period,
            case when is_told then added + removed end as moved
        from {{ ref('int_list_flows') }}

        union all

        select
            history.period,
            case
                when max(case when history.characteristic <> 'all' and history.status = 'published' then 1 end) = 1 then 0
                else sum(case when history.characteristic = 'all' then history.people end)
            end as moved
        from {{ source('history', 'group_counts') }} as history
        inner join {{ ref('int_previous_release') }} as previous on history.run_id = previous.run_id
        where history.population_kind in ('added', 'removed')
        group by history.period
    ) as flows on compared.shown_in < flows.period
    where compared.changed > 0
        and flows.period <= compared.period
    group by compared.period, compared.characteristic, compared.explained, policy.suppression_threshold
    having count(*) = count(flows.moved)
        and sum(flows.moved) - compared.explained < {{ moving }} * (policy.suppression_threshold - 2)
{%- endmacro %}

{# The characteristics of which a finer table is shown that withholds other cells than when it was shown last: it was
   given all movements of the quarter as room, so that they are not told by these groups. #}
{% macro moving_finer_tables() -%}
    select unnest(case changed.characteristic
        {% for table, characteristics in finer_tables().items() -%}
            when '{{ table }}' then {{ characteristics }}
        {% endfor -%}
    end) as characteristic
    from (
        {{ compared_with_last_shown(ref('int_protected_subgroups')) }}

        union all

        {{ compared_with_last_shown(ref('int_protected_tables')) }}
    ) as changed
    where changed.changed > 0
        and changed.is_shown = 1
{%- endmacro %}

{# Partitions of a larger population that a smaller one within it, few of whose people are missing, gives away: the two
   withhold different cells, and a cell that makes up for small ones in either has not room for them between the two.
   Of somebody small in the one alone, the sizes and what the other cells leave over would else tell in the other. #}
{% macro told_by_smaller_population(cells) -%}
    select distinct
        larger.period,
        larger.population_kind,
        larger.characteristic,
        larger.partition_code
    from {{ cells }} as larger
    inner join {{ cells }} as smaller
        on larger.period = smaller.period
            and larger.characteristic = smaller.characteristic
            and larger.group_code = smaller.group_code
            and larger.nesting > smaller.nesting
    group by
        larger.period,
        larger.population_kind,
        smaller.population_kind,
        larger.characteristic,
        larger.partition_code
    having bool_or(larger.status <> smaller.status)
        and bool_or(
            (larger.is_absorbing or smaller.is_absorbing)
            and larger.people - smaller.people < larger.suppression_threshold - 2
        )
{%- endmacro %}
