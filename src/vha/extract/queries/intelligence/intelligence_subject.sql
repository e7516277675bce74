-- intelligence_subject of the intelligence system: people named in intelligence reports.
--
-- Tables differ from force to force: a data engineer maps them here, by any single select.
-- Its result must have exactly these columns, in any order (? = may be null; a timestamp has no
-- time zone, it is Europe/London wall time):
--
--   intel_ref    text
--   nominal_id   text
--   involvement  text
--   updated_at   timestamp
--
-- As it stands the table is taken whole, so that a column the contract does not know is refused
-- instead of passed over in silence.
select *
from intelligence_subject
