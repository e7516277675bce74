-- safeguarding of the partnership system: safeguarding referrals.
--
-- Tables differ from force to force: a data engineer maps them here, by any single select.
-- Its result must have exactly these columns, in any order (? = may be null; a timestamp has no
-- time zone, it is Europe/London wall time):
--
--   nominal_id  text
--   kind        text
--   opened_on   date
--   closed_on   date?
--   updated_at  timestamp
--
-- As it stands the table is taken whole, so that a column the contract does not know is refused
-- instead of passed over in silence.
select *
from safeguarding
