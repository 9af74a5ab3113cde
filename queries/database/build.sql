-- One row: the data version of the database.
select build.data_version
from build
