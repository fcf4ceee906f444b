-- Takes all second factors of somebody of the tenant that was entered.
-- => text
-- writes
-- :email made text
select operator.reset_factors(:'email')
