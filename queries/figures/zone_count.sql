-- One row: how many high-tech zones the directory names.
select count(*) as zones,
from zone
where kind = 'zone'
