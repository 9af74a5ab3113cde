-- One row: one code of figures, with the texts that follow from it and stand in each row of observations.sql with it.
-- $lang  text  zh or en: the language of the source
-- code_column is the column of the code; texts are in the order of FOLLOWING in figures_csv.py. Those of a source also
-- have what all figures have in common.
select
    'park_id' as code_column,
    park_id::varchar as code,
    [name_zh, name_en] as texts,
from park

union all

select
    'indicator_id' as code_column,
    indicator_id::varchar as code,
    [name_zh, name_en, theme::varchar, measure::varchar, comparable_key] as texts,
from indicator

union all

select
    'unit_id' as code_column,
    unit_id as code,
    [name_zh, name_en, scale_en::varchar, scaled_name_en] as texts,
from unit

union all

select
    'source_id' as code_column,
    source.source_id::varchar as code,
    [
        if($lang = 'en', source.title_en, source.title_zh),
        build.data_version,
        source.url,
        source.published::varchar,
        if($lang = 'en', source.publisher_en, source.publisher_zh),
        null,
        null
    ] as texts,
from source
cross join build
