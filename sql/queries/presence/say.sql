-- An agent reads a ticket, types in it or leaves it; which others are there.
-- => json
-- writes
-- :number path bigint
-- :how body text reads|types|gone
select app.be_here(:'number', :'how')
