-- Which plan an account has, and those that there are.
-- => json
-- reads
-- :id path bigint
select app.account_plan(:'id')
