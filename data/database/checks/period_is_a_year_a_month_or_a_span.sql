-- Rule: a period is a year (2013), a month (2023-02) or a span of months within one year (2014-01/2014-09)
-- Mend: write it in one of the three forms, earlier month first
select file, line, 'period', period
from stage_observation
where
    not regexp_full_match(period, '\d{4}(-(0[1-9]|1[0-2])(/\d{4}-(0[1-9]|1[0-2]))?)?')
    or period_start > period_end
    or (length(period) = 15 and left(period, 4) <> substr(period, 9, 4))
