-- Gives an account a plan.
-- => json
-- writes
-- :id path bigint
-- :plan body text 1..40
select app.set_account_plan(:'id', :'plan')
