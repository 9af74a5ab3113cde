-- The database of the park explorer. One statement of every rule that a column or a key can hold.
-- Three types of codes are made before this file runs, from the rows of source.csv, park.csv and indicator.csv:
-- source_code, park_code, indicator_code. {theme_codes} are those of data/themes.py.
-- Dates are ISO; money, area and counts stand in the unit printed, never rescaled.
-- A comment says the same twice, in English and, after the bar, in Chinese: pages and files show the reader's half.

create type theme as enum ({theme_codes});
create type evidence as enum ('published', 'derived', 'own', 'sample');
create type bound as enum ('none', 'at_least', 'more_than', 'about', 'expected', 'exceeded');
create type growth_basis as enum ('constant_price', 'comparable_scope', 'restated', 'nominal', 'unknown');
create type confidence as enum ('high', 'medium', 'own');
create type span as enum ('year', 'to_date', 'quarter', 'month', 'months', 'date');

create table source (
    source_id source_code primary key,
    title_zh varchar not null,
    title_en varchar not null,
    author varchar,
    publisher_zh varchar not null,
    publisher_en varchar not null,
    published varchar check (regexp_full_match(published, '\d{4}(-\d{2}(-\d{2})?)?')),
    url varchar check (regexp_full_match(url, 'https?://\S+')),
    carrier enum ('original', 'repost', 'copy', 'own') not null,
    note_zh varchar,
    note_en varchar,
    check (carrier <> 'copy' or url is null)
);
comment on table source is 'One row: one published text that figures were read in, or one file of this installation''s own. | 每行一份公开材料，数据从中读出；或本站自有的一个文件。';
comment on column source.source_id is 'Code of the source, as cited. | 来源代码，引用时用。';
comment on column source.title_zh is 'Title as printed. | 标题，按原文。';
comment on column source.title_en is 'Our translation of the title. | 标题的英译，由本站翻译。';
comment on column source.author is 'Author named in the text. | 文中署名的作者。';
comment on column source.publisher_zh is 'Who published it, in Chinese. | 发布者，中文。';
comment on column source.publisher_en is 'Who published it, in English. | 发布者，英文。';
comment on column source.published is 'Date of publication as far as known: year, year-month or full date; of an own file the day it was loaded. | 发布日期，按所知写到年、月或日；自有文件则为载入的日期。';
comment on column source.url is 'Address of the page read. Empty for a copy: cited, never linked. | 所读网页的地址。转抄页留空：只引用，不给链接。';
comment on column source.carrier is 'original: the issuer''s own page; repost: a named third party; copy: a copying site; own: a file loaded here. | original：发布单位自己的网页；repost：具名的转载；copy：转抄网站；own：本站载入的自有文件。';
comment on column source.note_zh is 'Remark, in Chinese. | 备注，中文。';
comment on column source.note_en is 'Remark, in English. | 备注，英文。';

create table park (
    park_id park_code primary key,
    name_zh varchar not null,
    name_en varchar not null,
    kind enum ('zone', 'etdz', 'city', 'province', 'aggregate', 'country') not null,
    role enum ('self', 'city', 'city_peer', 'hunan_peer', 'national_peer', 'context', 'benchmark', 'own') not null,
    province_zh varchar,
    province_en varchar,
    full_name_zh varchar not null,
    full_name_en varchar not null
);
comment on table park is 'One row: one place that figures speak of: a zone, a city, a province, a sum of zones. | 每行一个地区：园区、城市、省，或若干园区的合计。';
comment on column park.park_id is 'Code of the place, as in links. | 地区代码，与链接里的相同。';
comment on column park.name_zh is 'Short name, in Chinese. | 简称，中文。';
comment on column park.name_en is 'Short name, in English. | 简称，英文。';
comment on column park.kind is 'zone: high-tech zone; etdz: economic development zone; aggregate: several zones together. | zone：高新区；etdz：经开区；city：城市；province：省；aggregate：若干园区合计；country：全国。';
comment on column park.role is 'What the place is to the park of this installation; own: added by a file of its own. | 这个地区与本园区的关系；own：由自有文件添加。';
comment on column park.province_zh is 'Province, in Chinese; empty for the country. | 所属省份，中文；全国留空。';
comment on column park.province_en is 'Province, in English; empty for the country. | 所属省份，英文；全国留空。';
comment on column park.full_name_zh is 'Official name, in Chinese. | 正式名称，中文。';
comment on column park.full_name_en is 'Official name, in English. | 正式名称，英文。';

create table unit (
    unit_id varchar primary key,
    name_zh varchar not null,
    name_en varchar not null,
    dimension enum ('money_cny', 'money_usd', 'area', 'energy', 'count', 'share', 'rank') not null,
    factor decimal(18, 4) not null check (factor > 0),
    scale_en decimal(18, 4) not null check (scale_en > 0),
    scaled_name_en varchar not null
);
comment on table unit is 'One row: one unit as printed. | 每行一个单位，按原文所印。';
comment on column unit.unit_id is 'Code of the unit. | 单位代码。';
comment on column unit.name_zh is 'As printed: 亿元, 万平方米, 家. One printed word may be several units: 家 counts enterprises or zones. | 按原文所印：亿元、万平方米、家。同一个字可能是不同的单位：“家”可以数企业，也可以数园区。';
comment on column unit.name_en is 'In English, word for word: 100 million yuan. | 逐字的英文：100 million yuan。';
comment on column unit.dimension is 'Units of one dimension can be converted into each other. | 量纲；量纲相同的单位可以互相换算。';
comment on column unit.factor is 'Multiplies a value in this unit into the base of its dimension: yuan, US dollar, square metre, kilowatt-hour, one. | 乘上它，换算成该量纲的基本单位：元、美元、平方米、千瓦时、一。';
comment on column unit.scale_en is 'Multiplies a printed value into the unit that English readers expect. | 乘上它，换算成英文读者习惯的单位。';
comment on column unit.scaled_name_en is 'That unit: billion yuan. | 英文读者习惯的单位，如 billion yuan。';

create table indicator (
    indicator_id indicator_code primary key,
    theme theme not null,
    name_zh varchar not null unique,
    name_en varchar not null unique,
    unit_id varchar not null references unit (unit_id),
    measure enum ('flow', 'stock', 'rate') not null,
    direction enum ('up', 'down'),
    part_of indicator_code,
    definition_zh varchar not null,
    definition_en varchar not null,
    comparable_key varchar not null check (regexp_full_match(comparable_key, '[a-z0-9_]+\.[a-z0-9_]+')),
    growth_basis growth_basis not null,
    growth_basis_zh varchar not null,
    growth_basis_en varchar not null,
    position integer not null unique
);
comment on table indicator is 'One row: one indicator, one printed name. Names that differ are different indicators. | 每行一个指标，一个原文名称。名称不同，就是不同的指标。';
comment on column indicator.indicator_id is 'Code of the indicator, as in links. | 指标代码，与链接里的相同。';
comment on column indicator.theme is 'The page it stands on. | 所在页面的方面。';
comment on column indicator.name_zh is 'Name as printed. | 名称，按原文。';
comment on column indicator.name_en is 'Name in English. | 英文名称。';
comment on column indicator.unit_id is 'The unit it is usually printed in; an observation carries its own. | 通常所用的单位；每条数据另有自己的单位。';
comment on column indicator.measure is 'flow: adds up within the year; stock: stands at a date; rate: share, ratio or rank. | flow：年内累计；stock：某一时点的存量；rate：占比、比率或名次。';
comment on column indicator.direction is 'up: more is wanted; down: less is wanted; empty: neither. | up：越多越好；down：越少越好；空：都不是。';
comment on column indicator.part_of is 'The whole of which it is a part. | 它所从属的整体指标。';
comment on column indicator.definition_zh is 'What is counted, in Chinese, in our own words. | 统计的是什么，中文，由本站撰写。';
comment on column indicator.definition_en is 'What is counted, in English, in our own words. | 统计的是什么，英文，由本站撰写。';
comment on column indicator.comparable_key is 'Only observations that share it may be joined, chained or drawn on one axis. Our grouping, not published. | 口径代码：只有它相同的数据才可以合并、接成序列或画在同一坐标轴上。归类由本站作出，并非公布。';
comment on column indicator.growth_basis is 'What its growth is usually taken on: constant_price, comparable_scope (a list of units that changes), restated (last year''s figure as adjusted), nominal, unknown (no source says). Levels of two years are compared where it is nominal. Our reading. | 增速通常的口径：constant_price 可比价格，comparable_scope 可比口径（名单会变），restated 调整后的基数，nominal 名义（现价，同一范围），unknown 原文未说明。只有 nominal 才拿两年的数值相比。由本站判断。';
comment on column indicator.growth_basis_zh is 'Why, in Chinese. | 理由，中文。';
comment on column indicator.growth_basis_en is 'Why, in English. | 理由，英文。';
comment on column indicator.position is 'Order of display. | 显示顺序。';

create table observation (
    observation_id varchar primary key,
    park_id park_code not null references park (park_id),
    indicator_id indicator_code not null references indicator (indicator_id),
    period varchar not null,
    period_start date not null,
    period_end date not null,
    value decimal(18, 4),
    value_text varchar,
    decimals integer check (decimals between 0 and 4),
    unit_id varchar not null references unit (unit_id),
    bound bound not null,
    growth_pct decimal(9, 4),
    growth_text varchar,
    growth_basis growth_basis,
    evidence evidence not null,
    confidence confidence not null,
    source_id source_code not null references source (source_id),
    locator_zh varchar not null,
    locator_en varchar not null,
    note_zh varchar,
    note_en varchar,
    check (value is not null or growth_pct is not null),
    check ((value is null) = (value_text is null)),
    check ((growth_pct is null) = (growth_text is null)),
    check (period_start <= period_end)
);
comment on table observation is 'One row: one figure of one indicator, place and period, as one source printed it. | 每行一个数：某来源所印的某指标、某地区、某时期的数。';
comment on column observation.observation_id is 'Code of the row. | 行的代码。';
comment on column observation.park_id is 'The place. | 地区。';
comment on column observation.indicator_id is 'The indicator. | 指标。';
comment on column observation.period is 'A year (2013), a month (2023-02) or a span of months (2014-01/2014-09). | 时期：年（2013）、月（2023-02）或连续几个月（2014-01/2014-09）。';
comment on column observation.period_start is 'First day of the period. | 时期的第一天。';
comment on column observation.period_end is 'Last day of the period; the date of a stock. | 时期的最后一天；存量则为其时点。';
comment on column observation.value is 'Number in the unit of the row. Empty where only a growth rate was printed. | 数值，用本行的单位。原文只印了增速的，留空。';
comment on column observation.value_text is 'The number as printed: 552 is not 552.0, 190余 is not 190. | 原文所印的数：552 不同于 552.0，190余不同于 190。';
comment on column observation.decimals is 'Decimals printed; sets the rounding interval. | 原文的小数位数，决定舍入区间。';
comment on column observation.unit_id is 'Unit as printed. | 单位，按原文。';
comment on column observation.bound is 'Bound word: 以上 at_least, 余 more_than, 约 about, 预计 expected, 突破 exceeded. | 界限词：以上 at_least，余 more_than，约 about，预计 expected，突破 exceeded；没有则为 none。';
comment on column observation.growth_pct is 'Growth on the year before in per cent, as printed beside the value. | 同比增速，单位 %，原文印在数值旁。';
comment on column observation.growth_text is 'The growth as printed: 13.0 is not 13. | 原文所印的增速：13.0 不同于 13。';
comment on column observation.growth_basis is 'What the growth is taken on, where the source says so itself; empty: that of the indicator holds. | 增速的口径，原文自己写明的才填；空着则按该指标的口径。';
comment on column observation.evidence is 'published, derived, own or sample. | 性质：published 公布，derived 推算，own 自有，sample 示例。';
comment on column observation.confidence is 'high: the issuer''s or a newspaper''s own text; medium: anything further away; own: a file of this installation. | 可信度，high：发布单位或报纸自己的文字；medium：更间接的；own：本站的自有文件。';
comment on column observation.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column observation.locator_zh is 'Where in the source, in Chinese. P1 to P13 number the paragraphs of the founding article. | 在材料中的位置，中文。P1 至 P13 是最初那篇报道的段落号。';
comment on column observation.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';
comment on column observation.note_zh is 'What a reader must know, in Chinese. | 读者须知，中文。';
comment on column observation.note_en is 'What a reader must know, in English. | 读者须知，英文。';

create view release as
select
    source_id,
    published,
    case length(published)
        when 4 then make_date(published::integer, 12, 31)
        when 7 then last_day((published || '-01')::date)
        when 10 then published::date
    end as known_from,
from source;
comment on view release is 'One row: one source with the day from which what it says counts as known. | 每行一份材料，以及从哪一天起算作已知。';
comment on column release.source_id is 'Code of the source. | 来源代码。';
comment on column release.published is 'Date of publication as far as known: year, year-month or full date. | 发布日期，按所知写到年、月或日。';
comment on column release.known_from is 'Day from which it counts as known: of a month or a year of publication the last day; empty: never. | 从哪一天起算作已知：只知发布年、月的，取其最后一天；空：不知何时发布，按日期查询时不计。';

create view figure as
with

printed as (

    select
        observation.*,
        park.kind in ('aggregate', 'country') as is_sum,
        indicator.theme,
        indicator.measure,
        indicator.comparable_key,
        indicator.part_of,
        -- The members of a sum of zones differ from year to year.
        coalesce(
            observation.growth_basis,
            if(
                is_sum and indicator.growth_basis in ('nominal', 'unknown') and indicator.measure <> 'rate',
                'comparable_scope', indicator.growth_basis
            )
        )::growth_basis as growth_on,
        unit.dimension,
        unit.factor,
        unit.dimension = 'count' and unit.factor = 1 as is_count,
        release.published,
        release.known_from,
        (0.5 * power(10, -observation.decimals))::decimal(18, 5) as half,  -- of a unit of the last digit printed
        (0.5 * power(10, -length(regexp_extract(observation.growth_text, '\.(\d+)', 1))))::decimal(18, 5) as growth_half,
        month(observation.period_start) as first_month,
        month(observation.period_end) as last_month,
    from observation
    inner join park using (park_id)
    inner join indicator using (indicator_id)
    inner join unit on observation.unit_id = unit.unit_id
    inner join release using (source_id)

)

select
    observation_id,
    park_id,
    is_sum,
    indicator_id,
    theme,
    comparable_key,
    measure,
    part_of,
    period,
    period_start,
    period_end,
    year(period_end) as year,
    case
        when length(period) = 4 then 'year'
        when not contains(period, '/') then if(measure = 'flow', 'month', 'date')
        when year(period_start) <> year(period_end) then 'months'
        when first_month = 1 then 'to_date'
        when last_month = first_month + 2 and last_month % 3 = 0 then 'quarter'
        else 'months'
    end::span as span,
    first_month,
    last_month,
    value,
    value_text,
    decimals,
    unit_id,
    dimension,
    is_count,
    bound,
    case
        when bound in ('about', 'expected') then null
        when bound = 'none' and not is_count then value - half
        else value
    end as low,
    case
        when bound = 'none' then if(is_count, value, value + half)
        -- 余 leaves what lies before the next round number: 190余 ends before 200, 2.5余 before 2.6.
        when bound = 'more_than' and decimals = 0
            then value + power(10, length(regexp_extract(value::bigint::varchar, '0*$')))::decimal(18, 4)
        when bound = 'more_than' then value + half + half
    end as high,
    if(low is null, null, bound not in ('more_than', 'exceeded')) as low_in,
    if(high is null, null, is_count and bound = 'none') as high_in,
    (value::decimal(20, 5) * factor)::decimal(38, 9) as base_value,
    (low * factor)::decimal(38, 9) as base_low,
    (high * factor)::decimal(38, 9) as base_high,
    growth_pct,
    growth_text,
    growth_on as growth_basis,
    if(bound = 'expected', null, growth_pct - growth_half) as growth_low,
    if(bound = 'expected', null, growth_pct + growth_half) as growth_high,
    if(growth_low is null, null, true) as growth_low_in,
    if(growth_high is null, null, false) as growth_high_in,
    evidence,
    confidence,
    source_id,
    published,
    known_from,
    -- What was published before what was loaded, a final figure before an expected one, then the text published last,
    -- of one day or year the one of the higher confidence. The code makes the order total. Nothing here depends on
    -- other rows: leave out what was not known by a day, and
    -- the first of those left is what counted then.
    concat_ws(
        '-',
        case evidence when 'published' then 0 when 'own' then 1 when 'derived' then 2 else 3 end,
        if(bound = 'expected', 1, 0),
        99999999 - rpad(replace(coalesce(published, ''), '-', ''), 8, '0')::integer,
        if(confidence = 'medium', 1, 0),
        observation_id
    ) as precedence,
    locator_zh,
    locator_en,
    note_zh,
    note_en,
from printed;
comment on view figure is 'One row: one figure of observation with all that follows from its own row: the kind of its period, its interval, its value in a common unit, its rank among versions. | 每行一个数，与数据表的行对应，并列出由该行推得的各项：时期的种类、区间、换算后的数值、在各版本中的先后。';
comment on column figure.observation_id is 'Code of the row in observation. | 行的代码，与数据表相同。';
comment on column figure.park_id is 'The place. | 地区。';
comment on column figure.is_sum is 'Whether the place is a sum of others, whose members differ from year to year. | 是否若干地区的合计；合计的成员逐年不同。';
comment on column figure.indicator_id is 'The indicator. | 指标。';
comment on column figure.theme is 'The page it stands on. | 所在页面的方面。';
comment on column figure.comparable_key is 'Only figures that share it may be joined, chained or drawn on one axis. | 口径代码：只有它相同的数据才可以合并、接成序列或画在同一坐标轴上。';
comment on column figure.measure is 'flow, stock or rate, as of the indicator. | flow、stock 或 rate，与指标相同。';
comment on column figure.part_of is 'The whole of which the indicator is a part. | 指标所从属的整体指标。';
comment on column figure.period is 'A year (2013), a month (2023-02) or a span of months (2014-01/2014-09). | 时期：年（2013）、月（2023-02）或连续几个月（2014-01/2014-09）。';
comment on column figure.period_start is 'First day of the period. | 时期的第一天。';
comment on column figure.period_end is 'Last day of the period; the date of a stock. | 时期的最后一天；存量则为其时点。';
comment on column figure.year is 'Calendar year in which the period ends. | 时期结束所在的年份。';
comment on column figure.span is 'Kind of period: year, to_date (January to a month), quarter, month, months (any other span), date (a month at whose end a stock or rate stands). | 时期的种类：year 全年，to_date 年初至某月的累计，quarter 季度，month 单月，months 其他连续几个月，date 存量或比率的时点（按月）。';
comment on column figure.first_month is 'First month of the period, 1 to 12. | 时期的第一个月，1 至 12。';
comment on column figure.last_month is 'Last month of the period, 1 to 12. | 时期的最后一个月，1 至 12。';
comment on column figure.value is 'Number in the unit of the row. Empty where only a growth rate was printed. | 数值，用本行的单位。原文只印了增速的，留空。';
comment on column figure.value_text is 'The number as printed. | 原文所印的数。';
comment on column figure.decimals is 'Decimals printed. | 原文的小数位数。';
comment on column figure.unit_id is 'Unit as printed. | 单位，按原文。';
comment on column figure.dimension is 'What the unit measures; figures of one dimension can be compared by base_value. | 单位的量纲；量纲相同的数可以用 base_value 相比。';
comment on column figure.is_count is 'Whether it counts whole things one by one, which leaves no rounding. | 是否逐个计数；逐个计数的数没有舍入。';
comment on column figure.bound is 'Bound word: at_least, more_than, about, expected, exceeded; none. | 界限词：at_least、more_than、about、expected、exceeded；没有则为 none。';
comment on column figure.low is 'Lower end of what rounding or the bound word leaves open; empty: unknown, as of an expected figure. | 舍入或界限词所留区间的下端；空：不知，例如预计数。';
comment on column figure.high is 'Upper end of the same; empty: open or unknown. 190余 ends before 200. | 同一区间的上端；空：没有上限或不知。190余 不到 200。';
comment on column figure.low_in is 'Whether the lower end itself is possible. | 下端本身是否可能。';
comment on column figure.high_in is 'Whether the upper end itself is possible. | 上端本身是否可能。';
comment on column figure.base_value is 'Value in the base of its dimension: yuan, US dollar, square metre, one. | 换算成量纲的基本单位（元、美元、平方米、一）的数值。';
comment on column figure.base_low is 'Lower end in the base of the dimension. | 以基本单位计的下端。';
comment on column figure.base_high is 'Upper end in the base of the dimension. | 以基本单位计的上端。';
comment on column figure.growth_pct is 'Growth on the year before in per cent, as printed beside the value. | 同比增速，单位 %，原文印在数值旁。';
comment on column figure.growth_text is 'The growth as printed. | 原文所印的增速。';
comment on column figure.growth_basis is 'What the growth is taken on: as the source says, else as the indicator; for a sum comparable_scope instead of nominal. | 增速的口径：按原文，原文未写则按指标；合计数以 comparable_scope 代替 nominal。';
comment on column figure.growth_low is 'Lower end of what rounding leaves of the growth; empty for an expected figure. | 增速舍入区间的下端；预计数留空。';
comment on column figure.growth_high is 'Upper end of the same. | 增速舍入区间的上端。';
comment on column figure.growth_low_in is 'Whether the lower end itself is possible. | 下端本身是否可能。';
comment on column figure.growth_high_in is 'Whether the upper end itself is possible. | 上端本身是否可能。';
comment on column figure.evidence is 'published, own or sample. | 性质：published 公布，own 自有，sample 示例。';
comment on column figure.confidence is 'As for an observation. | 可信度，同数据表。';
comment on column figure.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column figure.published is 'Date of publication of the source, as far as known. | 来源的发布日期，按所知写到年、月或日。';
comment on column figure.known_from is 'Day from which it counts as known, as of its source; empty: never. | 从哪一天起算作已知，与来源相同；空：不知何时发布，按日期查询时不计。';
comment on column figure.precedence is 'Order of versions: of figures of one place, comparable_key, period and dimension the smallest counts: published before own, final before expected, later published before earlier, of one date the higher confidence. | 版本的先后：同一地区、口径、时期和量纲的几个数，取最小者：公布的先于自有的，最终数先于预计数，后公布的先于早公布的，日期相同的取可信度高的。';
comment on column figure.locator_zh is 'Where in the source, in Chinese. | 在材料中的位置，中文。';
comment on column figure.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';
comment on column figure.note_zh is 'What a reader must know, in Chinese. | 读者须知，中文。';
comment on column figure.note_en is 'What a reader must know, in English. | 读者须知，英文。';

create table target (
    target_id varchar primary key,
    park_id park_code not null references park (park_id),
    indicator_id indicator_code not null references indicator (indicator_id),
    base_indicator_id indicator_code references indicator (indicator_id),
    base_scope enum ('wording', 'definition'),
    year integer not null check (year between 1980 and 2100),
    measure enum ('level', 'growth') not null,
    comparator enum ('reach', 'at_least', 'about', 'exceed') not null,
    strength enum ('ensure', 'strive', 'goal') not null,
    value decimal(18, 4) not null,
    value_text varchar not null,
    growth_basis growth_basis,
    decimals integer not null check (decimals between 0 and 4),
    unit_id varchar not null references unit (unit_id),
    evidence evidence not null check (evidence in ('published', 'own')),
    confidence confidence not null,
    source_id source_code not null references source (source_id),
    locator_zh varchar not null,
    locator_en varchar not null,
    note_zh varchar,
    note_en varchar,
    check (measure = 'level' or unit_id = 'percent'),
    check ((base_indicator_id is null) = (base_scope is null))
);
comment on table target is 'One row: one number that a place set itself for one year. A target is a decision, not a figure. | 每行一项目标：某地区给自己某一年定的一个数。目标是决定，不是统计数据。';
comment on column target.target_id is 'Code of the target, as in links. | 目标代码，与链接里的相同。';
comment on column target.park_id is 'The place that set it. | 定目标的地区。';
comment on column target.indicator_id is 'What it is set for, by the name in the text of the target. | 为哪个指标而定，名称按目标的原文。';
comment on column target.base_indicator_id is 'The indicator under whose different name the base year was published. Whether the two are one is not known. | 基年以另一名称公布的指标。两者是否同一，尚不知道。';
comment on column target.base_scope is 'wording: the two names differ by a word; definition: the other name covers something else, such as taxes. Our reading. | wording：两个名称只差一两个字；definition：另一名称的范围不同，例如含不含税收。由本站判断。';
comment on column target.year is 'The year it is set for. | 目标年度。';
comment on column target.measure is 'level: a value to reach; growth: per cent on the year before. | level：要达到的数值；growth：比上年增长的百分数。';
comment on column target.comparator is 'reach, at_least (以上), about (左右), exceed (突破). | reach 达到，at_least 以上，about 左右，exceed 突破。';
comment on column target.strength is 'ensure 确保, strive 力争, goal: neither word. | 措辞：ensure 确保，strive 力争，goal 两者都没有。';
comment on column target.value is 'The number set, in the unit of the row. | 所定的数，用本行的单位。';
comment on column target.value_text is 'The number as printed. | 原文所印的数。';
comment on column target.growth_basis is 'On what the target reckons growth, where its text shows it by giving level and growth of one goal side by side; empty: that of the indicator holds. Our reading. | 目标按什么口径算增长，原文把数值和增速并列写成同一个目标的才填；空着则按该指标的口径。由本站判断。';
comment on column target.decimals is 'Decimals printed. | 原文的小数位数。';
comment on column target.unit_id is 'Unit as printed. | 单位，按原文。';
comment on column target.evidence is 'published or own. | 性质：published 公布，own 自有。';
comment on column target.confidence is 'As for an observation. | 可信度，同数据表。';
comment on column target.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column target.locator_zh is 'Where in the source, in Chinese. | 在材料中的位置，中文。';
comment on column target.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';
comment on column target.note_zh is 'What a reader must know, in Chinese. | 读者须知，中文。';
comment on column target.note_en is 'What a reader must know, in English. | 读者须知，英文。';

create table commitment (
    commitment_id varchar primary key,
    park_id park_code not null references park (park_id),
    theme theme not null,
    builds enum (
        'strategy', 'platforms', 'finance', 'incubation', 'intellectual_property', 'university_cooperation',
        'public_spending', 'employment', 'education', 'social_protection', 'pensions', 'social_order', 'work_safety',
        'spatial_plan', 'expansion'
    ) not null,
    name_zh varchar not null,
    name_en varchar not null,
    year integer not null,
    related_indicator_id indicator_code references indicator (indicator_id),
    source_id source_code not null references source (source_id),
    locator_zh varchar not null,
    locator_en varchar not null
);
comment on table commitment is 'One row: one promise without a number. | 每行一项没有数字的承诺。';
comment on column commitment.commitment_id is 'Code of the commitment. | 承诺代码。';
comment on column commitment.park_id is 'The place that made it. | 作出承诺的地区。';
comment on column commitment.theme is 'The page it stands on. | 所在页面的方面。';
comment on column commitment.builds is 'What it builds. Our grouping. | 所建设的内容，分组由本站作出。';
comment on column commitment.name_zh is 'What was promised, in Chinese. | 承诺的内容，中文。';
comment on column commitment.name_en is 'What was promised, in English. | 承诺的内容，英文。';
comment on column commitment.year is 'The year it was made for. | 承诺所属的年度。';
comment on column commitment.related_indicator_id is 'A later published figure about the same thing. A trace, not proof. | 后来公布的同一事项的指标。是线索，不是兑现的证明。';
comment on column commitment.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column commitment.locator_zh is 'Where in the source, in Chinese. | 在材料中的位置，中文。';
comment on column commitment.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';

create table title (
    title_id varchar primary key,
    park_id park_code not null references park (park_id),
    name_zh varchar not null,
    name_en varchar not null,
    granted integer not null check (granted between 1980 and 2100),
    source_id source_code not null references source (source_id),
    locator_zh varchar not null,
    locator_en varchar not null
);
comment on table title is 'One row: one national designation that was named with its year. | 每行一个点了名并有年份的国家级称号。';
comment on column title.title_id is 'Code of the title. | 称号代码。';
comment on column title.park_id is 'Who holds it. | 获得称号的地区。';
comment on column title.name_zh is 'Its name, in Chinese. | 名称，中文。';
comment on column title.name_en is 'Its name, in English. | 名称，英文。';
comment on column title.granted is 'Year in which it was granted. | 获得的年份。';
comment on column title.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column title.locator_zh is 'Where in the source, in Chinese. | 在材料中的位置，中文。';
comment on column title.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';

create table mechanism (
    mechanism_id varchar primary key,
    position integer not null unique,
    name_zh varchar not null,
    name_en varchar not null,
    asks_zh varchar not null,
    asks_en varchar not null,
    stated enum ('full', 'named') not null,
    source_id source_code not null references source (source_id),
    locator_zh varchar not null,
    locator_en varchar not null
);
comment on table mechanism is 'One row: one of the six mechanisms that are to make sure of the targets. | 每行一个机制，共六个，用来保证目标实现。';
comment on column mechanism.mechanism_id is 'Code of the mechanism. | 机制代码。';
comment on column mechanism.position is 'Its place in the text. | 在原文中的次序。';
comment on column mechanism.name_zh is 'Its name, in Chinese. | 名称，中文。';
comment on column mechanism.name_en is 'Its name, in English. | 名称，英文。';
comment on column mechanism.asks_zh is 'What it asks for, in Chinese, in our own words. | 它要求什么，中文，由本站撰写。';
comment on column mechanism.asks_en is 'What it asks for, in English, in our own words. | 它要求什么，英文，由本站撰写。';
comment on column mechanism.stated is 'full: the text says what it asks for; named: the text only names it. | full：原文说明了做法；named：原文只提名称。';
comment on column mechanism.source_id is 'Where it was printed. | 出自哪份材料。';
comment on column mechanism.locator_zh is 'Where in the source, in Chinese. | 在材料中的位置，中文。';
comment on column mechanism.locator_en is 'Where in the source, in English. | 在材料中的位置，英文。';

create table mechanism_link (
    mechanism_id varchar not null references mechanism (mechanism_id),
    target_id varchar references target (target_id),
    commitment_id varchar references commitment (commitment_id),
    basis enum ('stated', 'reading') not null,
    reason_zh varchar not null,
    reason_en varchar not null,
    unique (mechanism_id, target_id, commitment_id),
    check ((target_id is null) <> (commitment_id is null))
);
comment on table mechanism_link is 'One row: one mechanism carries one target or one commitment. | 每行一个机制所管的一项目标或一项承诺。';
comment on column mechanism_link.mechanism_id is 'The mechanism. | 机制。';
comment on column mechanism_link.target_id is 'The target it carries; empty where it is a commitment. | 所管的目标；管的是承诺则留空。';
comment on column mechanism_link.commitment_id is 'The commitment it carries; empty where it is a target. | 所管的承诺；管的是目标则留空。';
comment on column mechanism_link.basis is 'stated: the text says so; reading: our reading of the text. | stated：原文写明；reading：本站的解读。';
comment on column mechanism_link.reason_zh is 'Why, in Chinese. | 理由，中文。';
comment on column mechanism_link.reason_en is 'Why, in English. | 理由，英文。';

create table zone (
    zone_id varchar primary key,
    kind enum ('zone', 'etdz') not null,
    name_zh varchar not null unique,
    name_en varchar not null,
    short_zh varchar not null,
    short_en varchar not null,
    province_zh varchar not null,
    province_en varchar not null,
    in_list_of_53 boolean not null,
    approved_national varchar check (regexp_full_match(approved_national, '\d{4}(-\d{2}(-\d{2})?)?')),
    catalogue_code varchar unique,
    industries_zh varchar,
    industries_en varchar,
    park_id park_code unique references park (park_id),
    host_park_id park_code references park (park_id),
    confidence confidence not null,
    note_zh varchar,
    note_en varchar,
    check ((industries_zh is null) = (industries_en is null)),
    check ((catalogue_code is null) = (industries_zh is null))
);
comment on table zone is 'One row: one national zone: all high-tech zones that we know of, and Hunan''s national economic development zones. An incomplete directory; its figures stand in observation. | 每行一个国家级园区：已知的国家高新区和湖南的国家级经开区。名录不完整；数据在 observation 表里。';
comment on column zone.zone_id is 'Code of the zone in the directory. | 名录中的园区代码。';
comment on column zone.kind is 'zone: high-tech zone; etdz: economic development zone. | zone：高新区；etdz：经开区。';
comment on column zone.name_zh is 'Official name, in Chinese. | 正式名称，中文。';
comment on column zone.name_en is 'Official name, in English. | 正式名称，英文。';
comment on column zone.short_zh is 'Short name, in Chinese. | 简称，中文。';
comment on column zone.short_en is 'Short name, in English. | 简称，英文。';
comment on column zone.province_zh is 'Province, in Chinese. Our assignment. | 所属省份，中文，由本站判定。';
comment on column zone.province_en is 'Province, in English. Our assignment. | 所属省份，英文，由本站判定。';
comment on column zone.in_list_of_53 is 'Whether it stands in the early list of 53 zones. | 是否在早期的 53 家名单中。';
comment on column zone.approved_national is 'When it became a national zone, as far as printed. | 升为国家级的时间，按材料所印。';
comment on column zone.catalogue_code is 'Code in the 2018 catalogue of development zones; empty for a zone that is not in it. | 《中国开发区审核公告目录》2018年版的代码；不在目录里的留空。';
comment on column zone.industries_zh is 'Leading industries that the catalogue of 2018 names, as printed. | 2018年版目录所列的主导产业，按原文。';
comment on column zone.industries_en is 'Our translation of them, separated by semicolons. | 主导产业的英译，由本站翻译，以分号隔开。';
comment on column zone.park_id is 'The place that figures are held for, where there is one. | 本站有其数据的地区代码，没有则空。';
comment on column zone.host_park_id is 'The city in which it lies; our assignment, not published. A figure of the city is no figure of the zone. | 所在城市，由本站判定，并非公布。城市的数不是园区的数。';
comment on column zone.confidence is 'As for an observation. | 可信度，同数据表。';
comment on column zone.note_zh is 'Remark, in Chinese. | 备注，中文。';
comment on column zone.note_en is 'Remark, in English. | 备注，英文。';

create table zone_source (
    zone_id varchar not null references zone (zone_id),
    source_id source_code not null references source (source_id),
    primary key (zone_id, source_id)
);
comment on table zone_source is 'One row: one source that names one zone of the directory. | 每行一份提到名录中某园区的材料。';
comment on column zone_source.zone_id is 'The zone. | 园区。';
comment on column zone_source.source_id is 'The source that names it. | 提到它的材料。';

create table same_as (
    indicator_id indicator_code not null references indicator (indicator_id),
    same_as indicator_code not null references indicator (indicator_id),
    source_id source_code not null references source (source_id),
    locator varchar not null,
    recorded_by varchar not null,
    recorded_on date not null,
    note varchar,
    primary key (indicator_id, same_as),
    check (indicator_id::varchar <> same_as::varchar)
);
comment on table same_as is 'One row: a person recorded, with a source, that two names mean one indicator. Empty until somebody does. | 每行一条人工记录：依据某材料，两个名称是同一指标。没有人记录之前是空的。';
comment on column same_as.indicator_id is 'The one name. | 一个名称。';
comment on column same_as.same_as is 'The other name. | 另一个名称。';
comment on column same_as.source_id is 'The text that says so. | 依据的材料。';
comment on column same_as.locator is 'Where in the text. | 在材料中的位置。';
comment on column same_as.recorded_by is 'Who recorded it. | 记录人。';
comment on column same_as.recorded_on is 'When. | 记录日期。';
comment on column same_as.note is 'Remark. | 备注。';

create table series_break (
    park_id park_code references park (park_id),
    park_kind enum ('zone', 'etdz', 'city', 'province', 'aggregate', 'country'),
    indicator_id indicator_code not null references indicator (indicator_id),
    year integer not null check (year between 1980 and 2100),
    cause enum ('revision', 'boundary', 'unknown') not null,
    years_only boolean not null,
    reason_zh varchar not null,
    reason_en varchar not null,
    source_id source_code not null references source (source_id),
    unique (park_id, park_kind, indicator_id, year),
    check ((park_id is null) <> (park_kind is null))
);
comment on table series_break is 'One row: from this year on a series must not be compared with the years before. | 每行一处序列中断：从这一年起，不能与以前的年份相比。';
comment on column series_break.park_id is 'The place; empty where it holds for all places of a kind. | 地区；对一类地区都适用的，留空。';
comment on column series_break.park_kind is 'The kind of place, where it holds for all of them. | 地区的类别，对这一类地区都适用时填写。';
comment on column series_break.indicator_id is 'The indicator. | 指标。';
comment on column series_break.year is 'First year that stands apart. | 不能再与前面相比的第一年。';
comment on column series_break.cause is 'revision: a census or another edition; boundary: the area changed; unknown: the figures alone show it. | revision 普查修订或改用另一版本；boundary 辖区变动；unknown 只从数据看出，原因不明。';
comment on column series_break.years_only is 'Whether it holds for figures of whole years alone, of which several versions were published; those of half-years and months go on. Our reading. | 是否只对全年数成立：中断出自全年数的不同版本，半年和月份的数不受影响。由本站判断。';
comment on column series_break.reason_zh is 'Why, in Chinese. Our reading of the figures. | 理由，中文，由本站判断。';
comment on column series_break.reason_en is 'Why, in English. Our reading of the figures. | 理由，英文，由本站判断。';
comment on column series_break.source_id is 'The text whose figure stands apart. | 出现中断的那份材料。';

create view place_break as
select
    park.park_id,
    series_break.indicator_id,
    indicator.comparable_key,
    series_break.year,
    bool_or(series_break.cause <> 'unknown') as is_explained,
    bool_and(series_break.years_only) as years_only,
    string_agg(series_break.reason_zh, '' order by series_break.park_id nulls last) as reason_zh,
    string_agg(series_break.reason_en, ' ' order by series_break.park_id nulls last) as reason_en,
from series_break
inner join indicator using (indicator_id)
inner join park on park.park_id = series_break.park_id or park.kind::varchar = series_break.park_kind::varchar
group by all
order by park.park_id, series_break.indicator_id, series_break.year;
comment on view place_break is 'One row: one place and indicator with a year from which on its series must not be compared with the years before. | 每行一个地区的一个指标，以及从哪一年起不能与以前的年份相比。';
comment on column place_break.park_id is 'The place. | 地区。';
comment on column place_break.indicator_id is 'The indicator. | 指标。';
comment on column place_break.comparable_key is 'Its comparable_key. | 指标的口径代码。';
comment on column place_break.year is 'First year that stands apart. | 不能再与前面相比的第一年。';
comment on column place_break.is_explained is 'Whether the cause is known. | 原因是否清楚。';
comment on column place_break.years_only is 'Whether it holds for figures of whole years alone. | 是否只对全年数成立。';
comment on column place_break.reason_zh is 'Why, in Chinese. | 理由，中文。';
comment on column place_break.reason_en is 'Why, in English. | 理由，英文。';

create table derivation (
    derivation_id varchar primary key,
    theme theme not null,
    kind enum ('share', 'rest', 'whole_of_share') not null,
    first_id indicator_code not null references indicator (indicator_id),
    second_id indicator_code not null references indicator (indicator_id),
    name_zh varchar not null unique,
    name_en varchar not null unique,
    definition_zh varchar not null,
    definition_en varchar not null
);
comment on table derivation is 'One row: one figure that follows from two published ones. | 每行一个可由两个公布数推出的数。';
comment on column derivation.derivation_id is 'Code of the derived figure, in place of an indicator. | 推算数的代码，用在指标代码的位置。';
comment on column derivation.theme is 'The page it stands on. | 所在页面的方面。';
comment on column derivation.kind is 'share: first over second, per cent; rest: first less second; whole_of_share: first over the printed share, second. | share：前者除以后者，%；rest：前者减后者；whole_of_share：前者除以后者（所印的占比）。';
comment on column derivation.first_id is 'The first indicator. | 前一个指标。';
comment on column derivation.second_id is 'The second indicator. | 后一个指标。';
comment on column derivation.name_zh is 'Its name, in Chinese. Ours, not published. | 名称，中文，由本站拟定。';
comment on column derivation.name_en is 'Its name, in English. Ours, not published. | 名称，英文，由本站拟定。';
comment on column derivation.definition_zh is 'What it says and what it does not, in Chinese. | 说明什么、不说明什么，中文。';
comment on column derivation.definition_en is 'What it says and what it does not, in English. | 说明什么、不说明什么，英文。';

create table publication (
    park_kind enum ('zone', 'etdz', 'city', 'province', 'aggregate', 'country') not null,
    theme theme not null,
    where_zh varchar not null,
    where_en varchar not null,
    primary key (park_kind, theme)
);
comment on table publication is 'One row: where figures of a theme are usually published for a kind of place. | 每行说明一类地区某方面的数通常在哪里公布。';
comment on column publication.park_kind is 'Kind of place. | 地区的类别。';
comment on column publication.theme is 'Theme of the figures. | 数据所属的方面。';
comment on column publication.where_zh is 'Where, in Chinese. | 在哪里，中文。';
comment on column publication.where_en is 'Where, in English. | 在哪里，英文。';

create table alias (
    alias varchar not null,
    kind enum ('indicator', 'park') not null,
    code varchar not null,
    is_wide boolean not null,
    primary key (alias, kind, code)
);
comment on table alias is 'One row: another word by which readers look for an indicator or a place. A help for searching; it does not say that two names mean the same. | 每行一个读者查找指标或地区时会用的别称。只用于查找，不表示两个名称是一回事。';
comment on column alias.alias is 'The other word, in Chinese or English. | 别称，中文或英文。';
comment on column alias.kind is 'indicator or park. | 指标 indicator，地区 park。';
comment on column alias.code is 'Code of the indicator or the place. | 指标或地区的代码。';
comment on column alias.is_wide is 'Whether it may mean something wider than its code: it finds the code and names nothing in the cell of an own file. | 词义是否比该代码宽：可用来查找，在自有文件的单元格里不当作名称。';

create table batch (
    batch_id varchar primary key,
    source_id source_code not null references source (source_id),
    file_name varchar not null,
    loaded timestamp not null,
    sha256 varchar not null check (regexp_full_match(sha256, '[0-9a-f]{64}')),
    parks integer not null,
    indicators integer not null,
    observations integer not null,
    targets integer not null
);
comment on table batch is 'One row: one file of own figures that was loaded for good and is in use. | 每行一个长期载入并在使用的自有数据文件。';
comment on column batch.batch_id is 'Code of the batch, as python -m data.load lists it. | 批次代码，与 python -m data.load 列出的相同。';
comment on column batch.source_id is 'The source that its rows name. | 该批数据所注的来源。';
comment on column batch.file_name is 'Name of the file. | 文件名。';
comment on column batch.loaded is 'When it was loaded, UTC. | 载入时间，协调世界时。';
comment on column batch.sha256 is 'SHA-256 of the file. | 文件的 SHA-256。';
comment on column batch.parks is 'Places it adds. | 添加的地区数。';
comment on column batch.indicators is 'Indicators it adds. | 添加的指标数。';
comment on column batch.observations is 'Figures in it. | 数据条数。';
comment on column batch.targets is 'Targets in it. | 目标条数。';

create table build (
    data_version varchar primary key,
    schema_version varchar not null
);
comment on table build is 'One row: which sources and own files this database was built from. | 一行：本数据库由哪些数据源和自有文件建成。';
comment on column build.data_version is 'First twelve digits of the SHA-256 over the sources, the schema, the checks and the own files in use. | 数据源、表结构、检查规则和在用自有文件的 SHA-256 的前十二位。';
comment on column build.schema_version is 'First eight digits of the SHA-256 over the schema; a release reads files of its own schema alone. | 表结构的 SHA-256 的前八位；各版程序只读自己那一版结构的文件。';
