-- One row: one table of the database, in the order of the schema.
-- rows is a count; columns are the column names, comments what each holds, in the same order.
with

described as (

    select
        table_name as table_id,
        list(column_name order by column_index) as columns,
        list(coalesce(comment, '') order by column_index) as comments,
        list(data_type order by column_index) as types,
    from duckdb_columns()
    where not internal and schema_name = 'main'
    group by table_name

)

select
    described.table_id,
    duckdb_tables.comment,
    duckdb_tables.estimated_size as rows,
    described.columns,
    described.comments,
    described.types,
from described
inner join duckdb_tables() on described.table_id = duckdb_tables.table_name
order by duckdb_tables.table_oid
