-- One row: where figures of a theme are usually published for a kind of place.
select
    publication.park_kind::varchar as park_kind,
    publication.theme::varchar as theme,
    publication.where_zh,
    publication.where_en,

from publication
order by publication.park_kind, publication.theme
