-- One row: one rule of one table that a description for programs can state: PRIMARY KEY, FOREIGN KEY, UNIQUE, NOT NULL.
-- columns are those it is about; other_table and other_columns are what a foreign key refers to, else empty.
select
    table_name as table_id,
    constraint_type as kind,
    constraint_column_names as columns,
    referenced_table as other_table,
    referenced_column_names as other_columns,
from duckdb_constraints()
where schema_name = 'main' and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY', 'UNIQUE', 'NOT NULL')
order by table_oid, constraint_index
