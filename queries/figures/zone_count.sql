-- One row: how many zones the directory names.
select count(*) as zones,
from zone
