-- A macro's text for a ticket, in the language of who opened it, and what it changes.
-- => json
-- reads
-- :number path bigint
-- :id path bigint
select app.macro_for(:'number', :'id')
