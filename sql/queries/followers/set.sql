-- How much of a ticket's mail one wants oneself.
-- => json
-- writes
-- :number path bigint
-- :level body text all|replies|none
select app.follow(:'number', :'level')
