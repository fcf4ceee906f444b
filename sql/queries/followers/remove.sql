-- Takes somebody off a ticket's followers. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :person path bigint
select app.unfollow(:'number', :'person')
