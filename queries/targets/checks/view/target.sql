-- One row: one target known by a day; the table `aimed` of the checks.
-- $asof  date  null: all
select target.*
from target
inner join release using (source_id)
where $asof is null or release.known_from <= $asof
