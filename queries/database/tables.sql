-- One row: one table of the database, by name.
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

),

-- release and place_break are views; with many own figures, figure and observation are views, too.
called as (

    select table_name as table_id, comment, estimated_size as rows
    from duckdb_tables()
    where not internal and schema_name = 'main'
    union all
    select
        view_name,
        comment,
        case view_name
            when 'release' then (select count(*) from source)
            when 'place_break' then (select count(*) from place_break)
            else (select count(*) from observation)
        end,
    from duckdb_views()
    where not internal and not temporary and schema_name = 'main'

)

select
    called.table_id,
    split_part(called.comment, ' | ', 2) as comment_zh,
    split_part(called.comment, ' | ', 1) as comment_en,
    called.rows,
    described.columns,
    described.comments_zh,
    described.comments_en,
    described.types,
from described
inner join called using (table_id)
order by called.table_id
