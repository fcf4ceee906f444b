-- An agent asks the account's administrators to be let in, from a ticket.
-- => json
-- writes
-- :number path bigint
-- :scope body text 1..4000
-- :reason body text 1..500
-- :days body int 1..365
-- :key key text
select app.ask_access(:'number', :'scope', :'reason', :'days', :'key')
