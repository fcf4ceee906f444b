-- Says which incident a ticket comes of, or (null) that it comes of none.
-- => json
-- writes
-- :number path bigint
-- :incident body bigint?
select app.set_incident(:'number', :'incident')
