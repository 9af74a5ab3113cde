-- Rule: reported before its month began; correct the day or the month | 报送日期早于所报的月份；请改正日期或月份
select 'monthly_return', row, 'reported', reported
from monthly_return
where reported < (month || '-01')::date
