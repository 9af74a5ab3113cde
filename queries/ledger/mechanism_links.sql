-- One row: one mechanism carries one target or one commitment.
-- $mechanisms  text[]  mechanism codes; null: all
-- $themes      text[]  themes; null: all
-- kind is target or commitment; basis is stated (the text says so) or reading (our reading).
with

carried as (

    select
        mechanism_link.mechanism_id,
        'target' as kind,
        target.target_id as item_id,
        indicator.theme,
        indicator.name_zh,
        indicator.name_en,
        mechanism_link.basis,
        mechanism_link.reason_zh,
        mechanism_link.reason_en,
        target.measure::varchar as measure,
        target.comparator::varchar as comparator,
        target.value_text,
        target.decimals,
        target.unit_id,
        target.source_id,
        target.locator_zh,
        target.locator_en,
    from mechanism_link
    inner join target using (target_id)
    inner join indicator using (indicator_id)

    union all by name

    select
        mechanism_link.mechanism_id,
        'commitment' as kind,
        commitment.commitment_id as item_id,
        commitment.theme,
        commitment.name_zh,
        commitment.name_en,
        mechanism_link.basis,
        mechanism_link.reason_zh,
        mechanism_link.reason_en,
        commitment.source_id,
        commitment.locator_zh,
        commitment.locator_en,
    from mechanism_link
    inner join commitment using (commitment_id)

)

select
    carried.mechanism_id,
    mechanism.name_zh as mechanism_zh,
    mechanism.name_en as mechanism_en,
    carried.kind,
    carried.item_id,
    carried.theme::varchar as theme,
    carried.name_zh,
    carried.name_en,
    carried.basis::varchar as basis,
    carried.reason_zh,
    carried.reason_en,
    carried.measure,
    carried.comparator,
    carried.value_text,
    carried.decimals,
    carried.unit_id,
    carried.source_id::varchar as source_id,
    carried.locator_zh,
    carried.locator_en,
    build.data_version,
    unit.name_zh as unit_zh,
    unit.scale_en::varchar as unit_scale,
    unit.scaled_name_en as unit_scaled_en,

from carried
inner join mechanism using (mechanism_id)
left join unit using (unit_id)
cross join build
where
    ($mechanisms is null or carried.mechanism_id in $mechanisms)
    and ($themes is null or carried.theme::varchar in $themes)
order by mechanism.position, carried.kind desc, carried.item_id
