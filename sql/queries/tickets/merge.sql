-- Closes a ticket as the duplicate of another; people: those who gain access to that.
-- => json
-- writes
-- :number path bigint
-- :into body bigint
-- :people body jsonb 0..1000b
select app.merge_ticket(:'number', :'into', :'people')
