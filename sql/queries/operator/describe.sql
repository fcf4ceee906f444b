-- What stands in an export's manifest.
-- => json
-- reads
select operator.describe()
