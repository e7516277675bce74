{# The list, as handwritten.sql makes it but without the quarantine, in what PostgreSQL and Spark both understand.
   Each step is a table. `clean`, `day` (a date, or null if the text is none) and `moment` (the date of a timestamp,
   likewise) are the engine's own words; `as_of` and the thresholds are literals. #}
{% macro years(since, d) -%}
(cast(extract(year from {{ d }}) as int) - cast(extract(year from {{ since }}) as int) - case when extract(month from {{ d }}) * 100 + extract(day from {{ d }}) < extract(month from {{ since }}) * 100 + extract(day from {{ since }}) then 1 else 0 end)
{%- endmacro %}
{% macro active(a, b) -%}({{ a }} <= {{ as_of }} and ({{ b }} is null or {{ b }} > {{ as_of }})){%- endmacro %}

{# 1. Each table with clean texts, the latest of duplicates only. Keys that occur twice are few. #}
{% for table in tables %}
-- step doubled_{{ table.name }}
select {% for key in table.primary_key %}{{ clean(key) }} as {{ key }}{{ ", " if not loop.last }}{% endfor %}
from landed_{{ table.name }}
group by {% for key in table.primary_key %}{{ clean(key) }}{{ ", " if not loop.last }}{% endfor %}
having count(*) > 1{% for key in table.primary_key %} and {{ clean(key) }} is not null{% endfor %}

-- step {{ table.name }}
with cleaned as (
    select landing_row, {% for c in table.columns %}{{ clean(c.name) }} as {{ c.name }}{{ ", " if not loop.last }}{% endfor %}

    from landed_{{ table.name }}
), versions as (
    select cleaned.*, row_number() over (
        partition by {% for key in table.primary_key %}cleaned.{{ key }}{{ ", " if not loop.last }}{% endfor %}

        order by case when {{ moment('cleaned.updated_at') }} is not null then cleaned.updated_at end desc nulls last,
            {% for c in table.columns if c.name not in table.primary_key %}cleaned.{{ c.name }} desc nulls last, {% endfor %}landing_row
    ) as version
    from cleaned inner join doubled_{{ table.name }} as d on {% for key in table.primary_key %}cleaned.{{ key }} = d.{{ key }}{{ " and " if not loop.last }}{% endfor %}

)
select {% for c in table.columns %}cleaned.{{ c.name }}, {% endfor %}{{ moment('cleaned.updated_at') }} is null as undated
from cleaned left join doubled_{{ table.name }} as d on {% for key in table.primary_key %}cleaned.{{ key }} = d.{{ key }}{{ " and " if not loop.last }}{% endfor %}

where d.{{ table.primary_key[0] }} is null
union all
select {% for c in table.columns %}{{ c.name }}, {% endfor %}{{ moment('updated_at') }} is null as undated
from versions where version = 1
{% endfor %}

-- 2. The person index: who is merged into whom, and who counts.
-- step merges
select nominal_id as a, merged_into as b from nominal where nominal_id is not null and merged_into is not null

-- closure merges

-- step nominals
select n.nominal_id, {{ day('n.date_of_birth') }} as born_on, {{ day('n.deceased_on') }} as died_on, n.merged_into,
    n.undated or (n.date_of_birth is not null and {{ day('n.date_of_birth') }} is null)
    or (n.deceased_on is not null and {{ day('n.deceased_on') }} is null)
    or (n.merged_into is not null and known.nominal_id is null) or circles.a is not null as is_bad
from nominal as n
left join (select nominal_id from nominal where nominal_id is not null) as known on n.merged_into = known.nominal_id
left join (select a from merges_closure where a = b) as circles on n.nominal_id = circles.a
where n.nominal_id is not null

-- step sound_merges
select nominal_id as a, merged_into as b from nominals where merged_into is not null and not is_bad

-- closure sound_merges

-- step survivors
select w.a as nominal_id, w.b as reaches
from sound_merges_closure as w left join sound_merges as m on w.b = m.a
where m.a is null

-- step persons
select n.nominal_id, p.nominal_id as person, p.born_on
from nominals as n
left join survivors as s on n.nominal_id = s.nominal_id
inner join nominals as p on coalesce(s.reaches, n.nominal_id) = p.nominal_id
where p.merged_into is null and not p.is_bad

-- 3. Crime reports, and the older ones that they were carried over from.
-- step reports
select r.crime_ref, {{ moment('r.recorded_at') }} as recorded_on, {{ day('r.committed_from') }} as committed_from,
    r.offence_code, r.location_kind, r.outcome_code, r.record_status, older.crime_ref as older_ref,
    not (
        r.undated or {{ moment('r.recorded_at') }} is null or {{ day('r.committed_from') }} is null
        or (r.committed_to is not null and {{ day('r.committed_to') }} is null)
        or o.offence_code is null or {{ day('r.committed_from') }} > {{ moment('r.recorded_at') }}
        or coalesce(r.source_system not in ('CRIS', 'CONNECT'), true)
        or coalesce(r.record_status not in ('live', 'cancelled', 'transferred'), true)
        or coalesce(r.location_kind not in ('public', 'private_domestic', 'private_other', 'custody', 'online'), false)
        or (r.outcome_code is not null and u.outcome_code is null)
    ) as is_sound
from crime_report as r
left join policy_offences as o on r.offence_code = o.offence_code
left join policy_outcomes as u on r.outcome_code = u.outcome_code
left join (select crime_ref from crime_report where crime_ref is not null) as older on r.migrated_from_ref = older.crime_ref
where r.crime_ref is not null

-- step replaced
select older_ref as crime_ref, min(recorded_on) as replaced_on
from reports where is_sound and record_status = 'live' and older_ref <> crime_ref group by older_ref

-- step steps
select crime_ref as a, older_ref as b from reports where is_sound and older_ref is not null and older_ref <> crime_ref

-- closure steps

-- step carried
select w.a as crime_ref, w.b as older_ref, r.is_sound as is_older_sound
from steps_closure as w inner join reports as r on w.b = r.crime_ref where w.a <> w.b

-- 4. Flags, and what each report is worth, whoever is linked to it.
-- step flagged
with held as (
    select crime_ref, flag from crime_flag
    where crime_ref is not null
        and (flag = 'domestic' or (flag in ('knife', 'firearm') and origin in ('manual', 'derived') and not undated))
)
select crime_ref, max(case when flag = 'domestic' then 1 else 0 end) as domestic,
    max(case when flag = 'knife' then 1 else 0 end) as knife, max(case when flag = 'firearm' then 1 else 0 end) as firearm
from (
    select crime_ref, flag from held
    union all
    select c.crime_ref, h.flag from held as h inner join carried as c on h.crime_ref = c.older_ref
    where c.is_older_sound or h.flag = 'domestic'
) as f
group by crime_ref

-- step worth
select crime_ref, recorded_on, replaced_on, committed_from, offence_code, stands, is_domestic,
    stands and not is_domestic and scores and not no_suspect and case scope
        when 'always' then true when 'knife' then knife = 1 when 'firearm' then firearm = 1
        when 'knife_or_firearm' then knife = 1 or firearm = 1 else false end as can_score
from (
    select r.crime_ref, r.recorded_on, p.replaced_on, r.committed_from, r.offence_code, o.scope,
        r.is_sound and r.record_status = 'live' as stands,
        coalesce(f.domestic, 0) = 1 or coalesce(r.location_kind = 'private_domestic' and not o.at_home, false) as is_domestic,
        coalesce(u.scores, true) as scores, coalesce(u.no_suspect, false) as no_suspect,
        coalesce(f.knife, 0) as knife, coalesce(f.firearm, 0) as firearm
    from reports as r
    left join policy_offences as o on r.offence_code = o.offence_code
    left join policy_outcomes as u on r.outcome_code = u.outcome_code
    left join flagged as f on r.crime_ref = f.crime_ref
    left join replaced as p on r.crime_ref = p.crime_ref
) as w

-- 5. Restrictions follow the person and the report; a bad one counts.
-- step barred_records
select nominal_id, case when is_sound then record_ref end as record_ref
from (
    select r.nominal_id, r.record_ref, r.restriction_id is not null and not r.undated and {{ day('r.starts_on') }} is not null
        and (r.ends_on is null or {{ day('r.ends_on') }} is not null)
        and coalesce(r.reason in ('accuracy_contested', 'objection_upheld', 'legal_hold'), false) as is_sound,
        {{ active(day('r.starts_on'), day('r.ends_on')) }} as is_active
    from restriction as r
    inner join nominals as n on r.nominal_id = n.nominal_id
) as r
where not is_sound or is_active

-- step barred
with everybody as (
    select nominal_id, record_ref from barred_records
    union
    select m.b, r.record_ref from barred_records as r inner join merges_closure as m on r.nominal_id = m.a
)
select nominal_id, record_ref from everybody
union
select e.nominal_id, c.crime_ref from everybody as e inner join carried as c on e.record_ref = c.older_ref

-- 6. Crime points.
-- step linked
select p.person, l.crime_ref, min({{ moment('l.linked_at') }}) as linked_on
from crime_person as l
inner join worth as w on l.crime_ref = w.crime_ref
inner join persons as p on l.nominal_id = p.nominal_id
where w.can_score and l.link_status = 'live' and l.role in ('suspect', 'accused')
    and not l.undated and {{ moment('l.linked_at') }} is not null
group by p.person, l.crime_ref

-- step crime
select l.person, l.crime_ref, w.committed_from, points.points
from linked as l
inner join worth as w on l.crime_ref = w.crime_ref
inner join nominals as n on l.person = n.nominal_id
inner join policy_points as points
    on w.offence_code = points.offence_code and {{ years('w.committed_from', as_of) }} = points.years
left join barred as b on l.person = b.nominal_id and l.crime_ref = b.record_ref
where b.nominal_id is null and l.linked_on <= {{ as_of }} and {{ active('w.recorded_on', 'w.replaced_on') }}
    and (n.born_on is null or {{ years('n.born_on', 'w.committed_from') }} >= {{ minimum_age }})

-- 7. Intelligence.
-- step told
select distinct p.person, i.intel_ref, g.points, i.linked_crime_ref
from intelligence_report as i
inner join policy_intelligence as g
    on i.category = g.category and coalesce(i.grading_scheme, '') = g.grading_scheme
    and coalesce(i.source_grade, '') = g.source_grade and coalesce(i.assessment_grade, '') = g.assessment_grade
inner join policy_codes as h on h.domain = 'handling_code' and i.handling_code = h.code
inner join intelligence_subject as s on i.intel_ref = s.intel_ref
inner join persons as p on s.nominal_id = p.nominal_id
left join worth as w on i.linked_crime_ref = w.crime_ref
left join barred as b on p.person = b.nominal_id and i.intel_ref = b.record_ref
where g.points is not null and i.record_status = 'live' and not i.undated and not s.undated
    and s.involvement = 'subject' and b.nominal_id is null
    and (i.event_on is null or {{ day('i.event_on') }} is not null)
    and (i.linked_crime_ref is null or w.crime_ref is not null)
    and {{ moment('i.submitted_at') }} <= {{ as_of }}
    and {{ years(moment('i.submitted_at'), as_of) }} < {{ intelligence_years }}

-- step meant
select links.linked_crime_ref, w.crime_ref, w.is_domestic
from (
    select distinct linked_crime_ref, linked_crime_ref as crime_ref from told where linked_crime_ref is not null
    union all
    select distinct t.linked_crime_ref, c.crime_ref from told as t inner join carried as c on t.linked_crime_ref = c.older_ref
) as links
inner join worth as w on links.crime_ref = w.crime_ref
where w.stands and {{ active('w.recorded_on', 'w.replaced_on') }}

-- step informed
select t.person, sum(t.points) as uncapped
from told as t
left join (
    select told.person, told.intel_ref, max(
        case when m.is_domestic or b.record_ref is not null or c.crime_ref is not null then 1 else 0 end
    ) as is_out
    from told
    inner join meant as m on told.linked_crime_ref = m.linked_crime_ref
    left join barred as b on told.person = b.nominal_id and m.crime_ref = b.record_ref
    left join crime as c on told.person = c.person and m.crime_ref = c.crime_ref
    group by told.person, told.intel_ref
) as about on t.person = about.person and t.intel_ref = about.intel_ref
where t.linked_crime_ref is null or about.is_out = 0
group by t.person

-- 8. The list.
-- step totals
select s.person, s.crime_score, s.crime_reports, s.latest,
    cast(least(coalesce(i.uncapped, 0), round(cast({{ cap }} as decimal(9, 4)) * s.crime_score, 4)) as decimal(18, 4)) as intelligence_score
from (
    select person, cast(sum(points) as decimal(18, 4)) as crime_score,
        count(case when points > 0 then 1 end) as crime_reports, max(committed_from) as latest
    from crime group by person
) as s
left join informed as i on s.person = i.person
where s.crime_reports >= {{ minimum_reports }}

-- step deaths
select coalesce(s.reaches, n.nominal_id) as nominal_id, min(n.died_on) as died_on
from nominals as n left join survivors as s on n.nominal_id = s.nominal_id
where n.died_on is not null and not n.is_bad
group by coalesce(s.reaches, n.nominal_id)

-- step open_referrals
select distinct coalesce(s.reaches, r.nominal_id) as nominal_id
from safeguarding as r
inner join policy_codes as k on k.domain = 'safeguarding_kind' and r.kind = k.code
left join survivors as s on r.nominal_id = s.nominal_id
where not r.undated and (r.closed_on is null or {{ day('r.closed_on') }} is not null)
    and {{ active(day('r.opened_on'), day('r.closed_on')) }}

-- step assessed
select {{ as_of }} as as_of_date,
    row_number() over (order by total desc, crime_score desc, latest desc, person) as place,
    person, total, crime_score, intelligence_score, crime_reports, latest, age, age < {{ adult_age }} as is_child, has_referral
from (
    select t.*, cast(t.crime_score + t.intelligence_score as decimal(18, 4)) as total,
        {{ years('n.born_on', as_of) }} as age, r.nominal_id is not null as has_referral
    from totals as t
    inner join nominals as n on t.person = n.nominal_id
    left join deaths as d on t.person = d.nominal_id
    left join open_referrals as r on t.person = r.nominal_id
    left join (select distinct nominal_id from barred where record_ref is null) as b on t.person = b.nominal_id
    where n.born_on is not null and b.nominal_id is null and (d.died_on is null or d.died_on > {{ as_of }})
) as l
where total >= {{ threshold }} and age >= {{ minimum_age }}
