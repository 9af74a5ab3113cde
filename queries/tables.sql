-- One row: one table of the database, in the order of the schema.
-- rows is a count; columns are the column names, comments what each holds, in the same order.
-- A comment of the schema is English | Chinese.
with

described as (

    select
        table_name as table_id,
        list(column_name order by column_index) as columns,
        list(split_part(comment, ' | ', 2) order by column_index) as comments_zh,
        list(split_part(comment, ' | ', 1) order by column_index) as comments_en,
        list(data_type order by column_index) as types,
    from duckdb_columns()
    where not internal and schema_name = 'main'
    group by table_name

)

select
    described.table_id,
    split_part(duckdb_tables.comment, ' | ', 2) as comment_zh,
    split_part(duckdb_tables.comment, ' | ', 1) as comment_en,
    duckdb_tables.estimated_size as rows,
    described.columns,
    described.comments_zh,
    described.comments_en,
    described.types,
from described
inner join duckdb_tables() on described.table_id = duckdb_tables.table_name
order by duckdb_tables.table_oid
