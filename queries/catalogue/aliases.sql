-- One row: another word by which readers look for an indicator or a place.
select
    alias.alias,
    alias.kind::varchar as kind,
    alias.code,

from alias
order by alias.kind, alias.code, alias.alias
