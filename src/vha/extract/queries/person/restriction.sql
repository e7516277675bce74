-- restriction of the person system: records, or whole persons, that may not be used.
--
-- Tables differ from force to force: a data engineer maps them here, by any single select.
-- Its result must have exactly these columns, in any order (? = may be null; a timestamp has no
-- time zone, it is Europe/London wall time):
--
--   restriction_id  text
--   nominal_id      text
--   record_ref      text?
--   reason          text
--   starts_on       date
--   ends_on         date?
--   updated_at      timestamp
--
-- As it stands the table is taken whole, so that a column the contract does not know is refused
-- instead of passed over in silence.
select *
from restriction
